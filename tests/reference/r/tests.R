# Plain tests, trials, power, and pairs.
# Run from the repository root: Rscript tests/reference/r/tests.R FOLDER
source("tests/reference/r/answers.R")
suppressPackageStartupMessages({library(estimatr); library(sandwich)})

nsw <- public("nsw"); jobs <- public("jobs"); lalonde <- public("lalonde")

test <- function(found) {
  list(statistic = unname(found$statistic), df = unname(found$parameter), p = found$p.value,
       estimate = if (is.null(found$estimate)) NULL else I(unname(found$estimate)),
       interval = if (is.null(found$conf.int)) NULL else I(as.vector(found$conf.int)))
}

## Shares -----------------------------------------------------------------------------------------------------------

tables <- list(small = c(3, 1, 1, 3), tea = c(1, 9, 11, 3), larger = c(83, 3, 90, 3), empty = c(0, 12, 5, 9))
as_matrix <- function(cells) matrix(cells, 2, byrow = TRUE)
# fisher.test() seeks the odds ratio and its bounds to four digits only; here the same equations are solved further.
odds_ratio <- function(cells) {
  rows <- c(cells[1] + cells[2], cells[3] + cells[4]); column <- cells[1] + cells[3]
  support <- max(0, column - rows[2]):min(rows[1], column)
  chance <- function(log_odds) {
    d <- dhyper(support, rows[1], rows[2], column, log = TRUE) + support * log_odds
    d <- exp(d - max(d)); d / sum(d)
  }
  solve_for <- function(f) exp(uniroot(f, c(-30, 30), tol = 1e-14, maxiter = 10000)$root)
  x <- cells[1]; least <- x == min(support); most <- x == max(support)
  list(estimate = if (least) 0 else if (most) Inf else solve_for(function(b) sum(support * chance(b)) - x),
       interval = c(if (least) 0 else solve_for(function(b) sum(chance(b)[support >= x]) - 0.025),
                    if (most) Inf else solve_for(function(b) sum(chance(b)[support <= x]) - 0.025)))
}
shares <- list(
  prop_4 = test(prop.test(c(83, 90, 129, 70), c(86, 93, 136, 82))),
  prop_2 = test(prop.test(c(83, 70), c(86, 82), correct = FALSE)),
  prop_2_corrected = test(prop.test(c(83, 70), c(86, 82))),
  wilson = lapply(list(c(7, 20), c(0, 15), c(15, 15), c(682, 925)),
                  function(x) list(cells = x, interval = as.vector(prop.test(x[1], x[2], correct = FALSE)$conf.int))),
  binomial = test(binom.test(682, 925, 0.75)), binomial_small = test(binom.test(2, 11, 0.5)),
  fisher = lapply(tables, function(cells) {
    solved <- odds_ratio(cells); rounded <- fisher.test(as_matrix(cells))
    c(list(cells = cells, p = rounded$p.value), solved)
  }),
  mcnemar = test(mcnemar.test(matrix(c(794, 86, 150, 570), 2), correct = FALSE)),
  mcnemar_corrected = test(mcnemar.test(matrix(c(794, 86, 150, 570), 2))),
  mcnemar_exact = test(binom.test(3, 15)), mcnemar_exact_lead = test(binom.test(110, 122))
)

## Means ------------------------------------------------------------------------------------------------------------

groups <- split(nsw$re78, nsw$treat)
pieces <- split(jobs$depress2, jobs$treat)
before <- c(1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30)
later <- c(0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29)
means <- list(
  nsw_welch = test(t.test(groups$`1`, groups$`0`)),
  nsw_pooled = test(t.test(groups$`1`, groups$`0`, var.equal = TRUE)),
  jobs_welch = test(t.test(pieces$`1`, pieces$`0`)),
  sleep_welch = test(t.test(extra ~ group, sleep)), sleep_paired = test(with(sleep, t.test(extra[1:10] - extra[11:20]))),
  wilcoxon_pairs = c(list(first = before, second = later), test(wilcox.test(before, later, paired = TRUE))),
  wilcoxon_pairs_greater = test(wilcox.test(before, later, paired = TRUE, alternative = "greater")),
  wilcoxon_pairs_estimate = test(wilcox.test(before, later, paired = TRUE, conf.int = TRUE))
)

## Trials -----------------------------------------------------------------------------------------------------------

read <- function(fit, term) {
  found <- tidy(fit)
  found <- found[found$term == term, ]
  list(estimate = found$estimate, se = found$std.error, p = found$p.value, df = found$df,
       interval = c(found$conf.low, found$conf.high))
}
nsw$stratum <- paste(nsw$black, nsw$nodegree)
nsw$cell <- paste(nsw$age, nsw$educ)
covariates <- ~ age + educ + black + hisp + marr + nodegree + re74 + re75
ordinary <- lm(update(covariates, re78 ~ treat + .), nsw)
jobs$received <- jobs$comply
trials <- list(
  nsw_neyman = read(difference_in_means(re78 ~ treat, nsw), "treat"),
  nsw_blocked = read(difference_in_means(re78 ~ treat, nsw, blocks = stratum), "treat"),
  nsw_lin_hc2 = read(lm_lin(re78 ~ treat, covariates, nsw, se_type = "HC2"), "treat"),
  nsw_lin_hc3 = read(lm_lin(re78 ~ treat, covariates, nsw, se_type = "HC3"), "treat"),
  nsw_lin_hc1 = read(lm_lin(re78 ~ treat, covariates, nsw, se_type = "HC1"), "treat"),
  nsw_ordinary = list(estimate = unname(coef(ordinary)["treat"]), se = sqrt(vcov(ordinary)["treat", "treat"]),
                      hc1 = sqrt(vcovHC(ordinary, "HC1")["treat", "treat"]),
                      hc2 = sqrt(vcovHC(ordinary, "HC2")["treat", "treat"])),
  nsw_clustered_cr1 = read(lm_robust(re78 ~ treat, nsw, clusters = cell, se_type = "stata"), "treat"),
  nsw_clustered_cr2 = read(lm_robust(re78 ~ treat, nsw, clusters = cell, se_type = "CR2"), "treat"),
  jobs_neyman = read(difference_in_means(depress2 ~ treat, jobs), "treat"),
  jobs_lm = list(estimate = unname(coef(lm(depress2 ~ treat, jobs))[2]),
                 se = sqrt(vcov(lm(depress2 ~ treat, jobs))[2, 2])),
  jobs_cace = lapply(c(classical = "classical", HC0 = "HC0", HC1 = "HC1", HC2 = "HC2"), function(type)
    read(iv_robust(depress2 ~ received | treat, jobs, se_type = type), "received")),
  jobs_cace_covariates = lapply(c(classical = "classical", HC0 = "HC0", HC1 = "HC1", HC2 = "HC2"), function(type)
    read(iv_robust(depress2 ~ received + econ_hard + depress1 + sex + age | treat + econ_hard + depress1 + sex + age,
                   jobs, se_type = type), "received"))
)
first <- lm(received ~ treat, jobs)
trials$jobs_first_stage <- list(compliers = unname(coef(first)[2]), f = unname(summary(first)$fstatistic[1]),
                                robust_f = unname(coef(first)[2]^2 / vcovHC(first, "HC2")[2, 2]))

## Transitions between classes: Stuart–Maxwell and Bowker on unaided vision (Stuart 1953) ----------------------------

vision <- matrix(c(1520, 266, 124, 66, 234, 1512, 432, 78, 117, 362, 1772, 205, 36, 82, 179, 492), 4, byrow = TRUE)
marginal <- local({
  d <- (rowSums(vision) - colSums(vision))[-4]
  v <- -(vision + t(vision)); diag(v) <- rowSums(vision) + colSums(vision) - 2 * diag(vision)
  statistic <- drop(d %*% solve(v[-4, -4]) %*% d)
  list(statistic = statistic, df = 3, p = pchisq(statistic, 3, lower.tail = FALSE))
})
transitions <- list(counts = vision, stuart_maxwell = marginal, bowker = test(mcnemar.test(vision)))

## Several tests, power, and hidden bias ----------------------------------------------------------------------------

p <- c(0.01, 0.02, 0.03, 0.04, 0.05, 0.2, 0.9, 0.001)
adjusted <- c(list(p = p), lapply(c(holm = "holm", benjamini_hochberg = "BH", bonferroni = "bonferroni"),
                                  function(method) p.adjust(p, method)))
strictly <- function(...) power.prop.test(..., strict = TRUE)$power
power <- list(
  t_20 = power.t.test(20, 1, 1)$power, t_64 = power.t.test(64, 0.5, 1)$power,
  t_n_90 = power.t.test(delta = 0.5, sd = 1, power = 0.9, tol = 1e-12)$n,
  t_delta_50 = power.t.test(50, sd = 1, power = 0.8, tol = 1e-12)$delta,
  prop_n_90 = power.prop.test(p1 = 0.5, p2 = 0.75, power = 0.9, tol = 1e-12)$n,
  prop_50 = power.prop.test(50, 0.5, 0.75)$power, prop_50_strict = strictly(50, 0.5, 0.75),
  prop_200 = power.prop.test(200, 0.3, 0.4)$power
)
bounds <- lapply(c(`4` = 4, `5` = 5, `6` = 6), function(g) pbinom(109, 122, g / (1 + g), lower.tail = FALSE))

# Lead in the blood of children of exposed workers and of their neighbours' (Morton et al. 1982; Rosenbaum 2002, table
# 4.1): bounds on the signed-rank test by the normal approximation, with the variance of tied ranks.
exposed <- c(38, 23, 41, 18, 37, 36, 23, 62, 31, 34, 24, 14, 21, 17, 16, 20, 15, 10, 45, 39, 22, 35, 49, 48, 44, 35, 43,
             39, 34, 13, 73, 25, 27)
neighbour <- c(16, 18, 18, 24, 19, 11, 10, 15, 16, 18, 18, 13, 19, 10, 16, 16, 24, 13, 9, 14, 21, 19, 7, 18, 19, 12, 11,
               22, 25, 16, 13, 11, 13)
lead <- local({
  d <- exposed - neighbour; d <- d[d != 0]; q <- rank(abs(d)); t <- sum(q[d > 0])
  gammas <- c(1, 2, 3, 4, 4.25, 5, 6)
  p <- vapply(gammas, function(g) pnorm((t - g / (1 + g) * sum(q)) / sqrt(g / (1 + g)^2 * sum(q^2)),
                                        lower.tail = FALSE), 1)
  list(exposed = exposed, neighbour = neighbour, statistic = t, gamma = gammas, p_high = p)
})

write_answers(list(shares = shares, means = means, trials = trials, transitions = transitions, adjusted = adjusted,
                   power = power, rosenbaum = list(mcnemar = bounds, lead = lead)), "tests", c("estimatr", "sandwich"))
