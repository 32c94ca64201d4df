# Difference-in-differences, absorbed levels, cluster-robust errors and few clusters.
# Run from the repository root: Rscript tests/reference/r/panel.R FOLDER
source("tests/reference/r/answers.R")
suppressPackageStartupMessages({library(sandwich); library(fixest)})
setFixest_nthreads(1)
setFixest_notes(FALSE)

petersen <- public("petersen"); injury <- public("injury"); kielmc <- public("kielmc"); mpdta <- public("mpdta")

read <- function(fit, covariance, df) {
  b <- coef(fit)
  covariance <- covariance[names(b), names(b), drop = FALSE]
  se <- sqrt(diag(covariance))
  data.frame(term = names(b), coef = as.vector(b), se = as.vector(se), t = as.vector(b / se),
             p = as.vector(2 * pt(-abs(b / se), df)), lower = as.vector(b - qt(0.975, df) * se),
             upper = as.vector(b + qt(0.975, df) * se))
}
# Stata's and sandwich's factor G/(G-1) (n-1)/(n-k), t with G - 1 degrees of freedom.
clustered <- function(fit, by) {
  groups <- min(vapply(model.frame(by, eval(fit$call$data)), function(g) length(unique(g)), 1))
  read(fit, vcovCL(fit, by, type = "HC1"), groups - 1)
}

## Errors of a panel with known answers (Petersen 2009) --------------------------------------------------------------

simple <- lm(y ~ x, petersen)
years <- lm(y ~ x + factor(year), petersen)
both <- lm(y ~ x + factor(year) + factor(firm), petersen)
slope <- function(table) table[table$term == "x", ]
errors <- list(
  classical = read(simple, vcov(simple), simple$df.residual),
  hc1 = read(simple, vcovHC(simple, "HC1"), simple$df.residual),
  firm = clustered(simple, ~firm), year = clustered(simple, ~year), two_way = clustered(simple, ~ firm + year),
  dummies_year_by_firm = slope(clustered(years, ~firm)),
  dummies_both_by_firm = slope(clustered(both, ~firm)),
  dummies_both_classical = slope(read(both, vcov(both), both$df.residual))
)

## fixest's conventions of which absorbed levels count --------------------------------------------------------------

fixest_se <- function(formula, data, cluster, ...) {
  vapply(c(none = "none", nested = "nested", full = "full"), function(counted) {
    fit <- feols(formula, data, ...)
    fit <- summary(fit, cluster = cluster, ssc = ssc(fixef.K = counted))
    unname(se(fit)[1])
  }, 1)
}
absorbed <- list(
  petersen_year_by_firm = fixest_se(y ~ x | year, petersen, ~firm),
  petersen_both_by_firm = fixest_se(y ~ x | firm + year, petersen, ~firm),
  petersen_both_by_both = fixest_se(y ~ x | firm + year, petersen, ~ firm + year),
  petersen_weighted_both_by_firm = fixest_se(y ~ x | firm + year, petersen, ~firm, weights = ~ 1 + year %% 3),
  petersen_weighted_slope = unname(coef(feols(y ~ x | firm + year, petersen, weights = ~ 1 + year %% 3))),
  petersen_both_slope = unname(coef(feols(y ~ x | firm + year, petersen)))
)

## Workers' compensation (Meyer, Viscusi and Durbin 1995) and house prices (Kiel and McClain 1995) --------------------

state <- function(which, formula) {
  data <- injury[injury[[which]] == 1, ]
  fit <- lm(formula, data)
  used <- model.frame(fit)
  list(classical = read(fit, vcov(fit), fit$df.residual), hc1 = read(fit, vcovHC(fit, "HC1"), fit$df.residual),
       n = nrow(used))
}
plain_did <- ldurat ~ afchnge * highearn
controlled <- ldurat ~ afchnge * highearn + male + married + lage
injuries <- list(ky = state("ky", plain_did), mi = state("mi", plain_did), ky_controls = state("ky", controlled))
kentucky <- injury[injury$ky == 1 & !is.na(injury$indust), ]
by_industry <- lm(ldurat ~ afchnge * highearn + male + factor(injtype), kentucky)
injuries$ky_absorbed <- list(
  by_injury = clustered(by_industry, ~injtype)[c(2:4, nrow(clustered(by_industry, ~injtype))), ],
  fixest = fixest_se(ldurat ~ afchnge:highearn + afchnge + highearn + male | injtype, kentucky, ~injtype)
)
house <- lm(rprice ~ y81 * nearinc, kielmc)
house_controls <- lm(rprice ~ y81 * nearinc + age + agesq + intst + land + area + rooms + baths, kielmc)
houses <- list(plain = read(house, vcov(house), house$df.residual), hc1 = read(house, vcovHC(house, "HC1"), 317),
               controls = read(house_controls, vcov(house_controls), house_controls$df.residual))

## Minimum wages and teenage employment (Callaway and Sant'Anna 2021) ------------------------------------------------

names(mpdta)[names(mpdta) == "first.treat"] <- "first"
mpdta$treated_now <- as.numeric(mpdta$first > 0 & mpdta$year >= mpdta$first)
mpdta$ever <- as.numeric(mpdta$first > 0)
twfe <- feols(lemp ~ treated_now | countyreal + year, mpdta, cluster = ~countyreal)
cohort <- subset(mpdta, first %in% c(0, 2006))
studied <- feols(lemp ~ i(year, ever, ref = 2005) | countyreal + year, cohort)
study <- summary(studied, cluster = ~countyreal)
pretrend <- wald(study, "year::(2003|2004):ever", print = FALSE)

# Group-time effects without covariates, never-treated as controls: differences of mean changes since the last
# period before the start, and what each county adds to them.
wide <- reshape(mpdta[, c("countyreal", "year", "lemp", "first")], idvar = "countyreal", timevar = "year",
                v.names = "lemp", direction = "wide")
n <- nrow(wide)
group_time <- expand.grid(period = 2004:2007, group = c(2004, 2006, 2007))[, 2:1]
influence <- matrix(0, n, nrow(group_time))
for (row in seq_len(nrow(group_time))) {
  g <- group_time$group[row]; t <- group_time$period[row]
  base <- if (t >= g) g - 1 else t - 1  # before the start: change since the period before ("varying" base)
  change <- wide[[paste0("lemp.", t)]] - wide[[paste0("lemp.", base)]]
  treated <- wide$first == g; never <- wide$first == 0
  group_time$estimate[row] <- mean(change[treated]) - mean(change[never])
  influence[treated, row] <- (change[treated] - mean(change[treated])) / mean(treated)
  influence[never, row] <- -(change[never] - mean(change[never])) / mean(never)
}
group_time$se <- sqrt(colMeans(influence^2) / n)
share <- vapply(group_time$group, function(g) mean(wide$first == g), 1)
overall <- function(kept) {
  weight <- ifelse(kept, share, 0); total <- sum(weight); weight <- weight / total
  estimate <- sum(weight * group_time$estimate)
  # The groups' shares are estimated too.
  member <- outer(wide$first, group_time$group, "==") - matrix(share, n, length(share), byrow = TRUE)
  member <- sweep(member, 2, kept, "*")
  moved <- influence %*% weight +
    (member %*% group_time$estimate - rowSums(member) * estimate) / total
  c(estimate = estimate, se = sqrt(mean(moved^2) / n))
}
after <- group_time$period >= group_time$group
event_times <- sort(unique(group_time$period - group_time$group))
dynamic <- t(vapply(event_times, function(e) overall(group_time$period - group_time$group == e), c(0, 0)))
counties <- list(
  twfe = list(coef = unname(coef(twfe)), se = fixest_se(lemp ~ treated_now | countyreal + year, mpdta, ~countyreal)),
  event_study = data.frame(period = c(2003, 2004, 2006, 2007), coef = unname(coef(study)), se = unname(se(study))),
  event_study_se = vapply(c(none = "none", nested = "nested", full = "full"), function(counted)
    unname(se(summary(studied, cluster = ~countyreal, ssc = ssc(fixef.K = counted)))), numeric(4))[1, ],
  pretrend = list(statistic = pretrend$stat, df1 = pretrend$df1, df2 = pretrend$df2, p = pretrend$p),
  group_time = group_time, simple = overall(after),
  dynamic = data.frame(event_time = event_times, estimate = dynamic[, 1], se = dynamic[, 2])
)

## Few clusters: every assignment of signs, null imposed (Cameron, Gelbach and Miller 2008) ---------------------------

enumerated <- function(firms) {
  few <- subset(petersen, firm <= firms)
  x <- cbind(1, few$x); bread <- solve(crossprod(x))
  t_of <- function(y) {
    b <- bread %*% crossprod(x, y); e <- drop(y - x %*% b)
    v <- bread %*% crossprod(rowsum(x * e, few$firm)) %*% bread
    b[2] / sqrt(v[2, 2])
  }
  mean_y <- mean(few$y); residual <- few$y - mean_y
  signs <- as.matrix(expand.grid(rep(list(c(-1, 1)), firms)))
  drawn <- apply(signs, 1, function(s) t_of(mean_y + residual * s[few$firm]))
  c(p = mean(abs(drawn) >= abs(t_of(few$y)) - 1e-10))
}
randomised <- function() {
  # Firms 1 to 12, the first five called treated, the difference of the firms' means as statistic.
  means <- tapply(petersen$y, petersen$firm, mean)[1:12]
  all <- combn(12, 5, function(chosen) mean(means[chosen]) - mean(means[-chosen]))
  seen <- mean(means[1:5]) - mean(means[6:12])
  c(estimate = seen, p = mean(abs(all) >= abs(seen) - 1e-12))
}
few_clusters <- list(wild_8_firms = enumerated(8), wild_10_firms = enumerated(10), randomisation = randomised())

write_answers(list(petersen = errors, absorbed = absorbed, injury = injuries, kielmc = houses, mpdta = counties,
                   few_clusters = few_clusters), "panel", c("sandwich", "fixest"))
