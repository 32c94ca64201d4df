# Reliability and agreement.
# Run from the repository root: Rscript tests/reference/measurement/measurement.R tests/reference/measurement
source("tests/reference/r/answers.R")
suppressPackageStartupMessages({library(psych); library(irr); library(lavaan); library(vcd)})

bfi <- public("bfi"); holzinger <- public("holzinger")
turned <- transform(bfi, A1 = 7 - A1)
sets <- list(
  agreeableness = turned[paste0("A", 1:5)], unturned = bfi[paste0("A", 1:5)], neuroticism = bfi[paste0("N", 1:5)],
  two = bfi[c("N1", "N2")], abilities = holzinger, visual = holzinger[paste0("x", 1:3)]
)

## Alpha, and item by item ------------------------------------------------------------------------------------------

alphas <- lapply(sets, function(x) {
  found <- suppressMessages(psych::alpha(x, check.keys = FALSE, warnings = FALSE))
  value <- found$total$raw_alpha
  interval <- alpha.ci(value, nrow(x), ncol(x))
  list(value = value, interval = c(interval$lower.ci, interval$upper.ci), mean_correlation = found$total$average_r,
       total_correlation = I(found$item.stats$r.drop), dropped = I(found$alpha.drop$raw_alpha))
})

## Omega ------------------------------------------------------------------------------------------------------------

# Wishart's likelihood has the divisor n - 1; shares, and so omega, are the same with n.
omegas <- lapply(sets[names(sets) != "two"], function(x) {
  model <- paste("f =~", paste(names(x), collapse = " + "))
  fit <- cfa(model, x, std.lv = TRUE, likelihood = "wishart")
  lambda <- as.vector(lavInspect(fit, "est")$lambda); theta <- unname(diag(lavInspect(fit, "est")$theta))
  if (sum(lambda) < 0) lambda <- -lambda
  test <- fitMeasures(fit, c("chisq", "df"))
  list(value = sum(lambda)^2 / (sum(lambda)^2 + sum(theta)), loadings = lambda, uniquenesses = theta,
       chi_squared = test[["chisq"]], df = test[["df"]],
       p = pchisq(test[["chisq"]], test[["df"]], lower.tail = FALSE))
})

## Intraclass correlations ------------------------------------------------------------------------------------------

ratings <- list(shrout_fleiss = public("shrout_fleiss"), anxiety = public("anxiety"), video = public("video"),
                neuroticism = bfi[paste0("N", 1:5)], pefr = public("pefr"))
iccs <- lapply(ratings, function(x) {
  by_psych <- psych::ICC(x, lmer = FALSE)$results
  by_irr <- function(model, type, unit) {
    found <- irr::icc(x, model = model, type = type, unit = unit)
    c(found$value, found$lbound, found$ubound)
  }
  list(psych = as.matrix(by_psych[c("ICC", "lower bound", "upper bound")]),
       irr = rbind(by_irr("oneway", "consistency", "single"), by_irr("twoway", "agreement", "single"),
                   by_irr("twoway", "consistency", "single"), by_irr("oneway", "consistency", "average"),
                   by_irr("twoway", "agreement", "average"), by_irr("twoway", "consistency", "average")))
})

## Two measurements -------------------------------------------------------------------------------------------------

pairs <- list(pefr = list(first = public("pefr")$mini, second = public("pefr")$large),
              anxiety = list(first = public("anxiety")$rater1, second = public("anxiety")$rater3),
              neuroticism = list(first = bfi$N1, second = bfi$N2))
repeated <- lapply(pairs, function(x) {
  difference <- x$second - x$first; n <- length(difference)
  test <- t.test(x$second, x$first, paired = TRUE)
  long <- data.frame(value = c(x$first, x$second), person = factor(rep(seq_len(n), 2)), time = gl(2, n))
  squares <- summary(aov(value ~ person + time, long))[[1]][["Mean Sq"]]
  shift <- max(0, (squares[2] - squares[3]) / n)
  half <- qt(0.975, n - 1) * sd(difference) * sqrt(1 / n + 1.96^2 / (2 * (n - 1)))
  limits <- mean(difference) + c(-1.96, 1.96) * sd(difference)
  alike <- sum(difference == 0)
  list(gap = mean(difference), gap_sd = sd(difference), interval = as.vector(test$conf.int), p = test$p.value,
       error = sqrt(shift + squares[3]), own_error = sqrt(squares[3]), limits = limits,
       limits_intervals = cbind(limits - half, limits + half), alike = alike,
       alike_interval = as.vector(prop.test(alike, n, correct = FALSE)$conf.int))
})

## Kappa ------------------------------------------------------------------------------------------------------------

spread_out <- function(cells) {
  long <- as.data.frame(as.table(cells))
  long[rep(seq_len(nrow(long)), long$Freq), 1:2]
}
# The error once more, by the delta method with numerical derivatives in the shares of the cells.
delta <- function(cells, power) {
  distance <- abs(outer(seq_len(nrow(cells)), seq_len(nrow(cells)), "-"))
  counted <- if (power) distance^power else distance > 0
  kappa <- function(p) {
    p <- matrix(p, nrow(cells)); p <- p / sum(p)
    1 - sum(counted * p) / sum(counted * (rowSums(p) %o% colSums(p)))
  }
  share <- as.vector(cells) / sum(cells)
  slope <- numDeriv::grad(kappa, share)
  sqrt((sum(share * slope^2) - sum(share * slope)^2) / sum(cells))
}
data(MSPatients, package = "vcd"); data(SexualFun, package = "vcd")
tables <- list(winnipeg = MSPatients[, , 1], new_orleans = MSPatients[, , 2], fun = SexualFun,
               anxiety = table(factor(public("anxiety")$rater1, 1:6), factor(public("anxiety")$rater2, 1:6)))
kappas <- lapply(tables, function(cells) {
  cells <- matrix(as.vector(cells), nrow(cells), dimnames = list(seq_len(nrow(cells)), seq_len(nrow(cells))))
  linear <- Kappa(cells, weights = "Equal-Spacing"); quadratic <- Kappa(cells, weights = "Fleiss-Cohen")
  long <- spread_out(cells)
  list(cells = unname(cells),
       linear = unname(linear$Weighted), quadratic = unname(quadratic$Weighted), none = unname(linear$Unweighted),
       delta = c(quadratic = delta(cells, 2), linear = delta(cells, 1), none = delta(cells, 0)),
       irr = c(quadratic = kappa2(long, "squared")$value, linear = kappa2(long, "equal")$value,
               none = kappa2(long)$value))
})

## The ends of a scale ----------------------------------------------------------------------------------------------

ends <- lapply(list(A1 = bfi$A1, N1 = bfi$N1, N4 = bfi$N4), function(x) {
  wilson <- function(count) as.vector(prop.test(count, length(x), correct = FALSE)$conf.int)
  list(floor = sum(x == 1), floor_interval = wilson(sum(x == 1)),
       ceiling = sum(x == 6), ceiling_interval = wilson(sum(x == 6)))
})

write_answers(list(alphas = alphas, omegas = omegas, iccs = iccs, repeated = repeated, kappas = kappas, ends = ends),
              "measurement", c("psych", "irr", "lavaan", "vcd", "numDeriv", "jsonlite"))
