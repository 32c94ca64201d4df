# Survival curves, log-rank tests and Cox regression.
# Run from the repository root: Rscript tests/reference/r/survival.R FOLDER
source("tests/reference/r/answers.R")
library(survival)

lung <- public("lung"); rossi <- public("rossi"); veteran <- public("veteran"); heart <- public("heart")
unempdur <- public("unempdur"); recid <- public("recid")
# Levels in alphabetical order, so that the first one left out of the model is the same everywhere.
veteran$celltype <- factor(veteran$celltype, levels = sort(unique(veteran$celltype)))
rossi$quarter <- ceiling(rossi$week / 13)
rossi$weight <- 1 + rossi$age %% 3
heart$weight <- 0.5 + heart$id %% 3

## Curves ---------------------------------------------------------------------------------------------------------

curve <- function(formula, data, weights = rep(1, nrow(data)), robust = FALSE) {
  fit <- do.call(survfit, list(formula, data = data, conf.type = "log-log", weights = weights, robust = robust))
  fit <- summary(fit, censored = TRUE)
  group <- if (is.null(fit$strata)) rep("", length(fit$time)) else sub("^[^=]*=", "", as.character(fit$strata))
  data.frame(group = trimws(group), time = fit$time, at_risk = fit$n.risk, events = fit$n.event,
             censored = fit$n.censor, survival = fit$surv, se = fit$std.err, lower = fit$lower, upper = fit$upper)
}

medians <- function(formula, data) {
  fit <- quantile(survfit(formula, data = data, conf.type = "log-log"), 0.5)
  data.frame(median = as.vector(fit$quantile), lower = as.vector(fit$lower), upper = as.vector(fit$upper))
}

restricted <- function(formula, data, horizon) {
  found <- summary(survfit(formula, data = data), rmean = horizon)$table
  found <- if (is.matrix(found)) found else t(found)
  data.frame(mean = found[, "rmean"], se = found[, "se(rmean)"])
}

logrank <- function(formula, data) {
  test <- survdiff(formula, data = data)
  df <- NCOL(test$var) - 1
  total <- function(x) if (is.matrix(x)) rowSums(x) else x
  list(statistic = test$chisq, df = df, p = pchisq(test$chisq, df, lower.tail = FALSE),
       observed = I(as.vector(total(test$obs))), expected = I(as.vector(total(test$exp))))
}

kaplan_meier <- list(
  lung = curve(Surv(time, status) ~ sex, lung),
  rossi = curve(Surv(week, arrest) ~ fin, rossi),
  rossi_weighted = curve(Surv(week, arrest) ~ fin, rossi, rossi$weight, robust = TRUE),
  veteran = curve(Surv(time, status) ~ celltype, veteran),
  unempdur = curve(Surv(spell, censor1) ~ 1, unempdur),
  heart_entry = curve(Surv(start, stop, event) ~ transplant, heart)
)
median_times <- list(
  lung = medians(Surv(time, status) ~ sex, lung),
  veteran = medians(Surv(time, status) ~ celltype, veteran)
)
restricted_means <- list(
  rossi_52 = restricted(Surv(week, arrest) ~ fin, rossi, 52),
  rossi_30 = restricted(Surv(week, arrest) ~ fin, rossi, 30),
  lung_365 = restricted(Surv(time, status) ~ sex, lung, 365)
)
logranks <- list(
  lung_sex = logrank(Surv(time, status) ~ sex, lung),
  rossi_fin = logrank(Surv(week, arrest) ~ fin, rossi),
  rossi_fin_strata_race_wexp = logrank(Surv(week, arrest) ~ fin + strata(race, wexp), rossi),
  veteran_celltype = logrank(Surv(time, status) ~ celltype, veteran),
  veteran_celltype_strata_trt = logrank(Surv(time, status) ~ celltype + strata(trt), veteran)
)

## Cox regression --------------------------------------------------------------------------------------------------

exact <- coxph.control(eps = 1e-13, iter.max = 100, toler.chol = 1e-14)

cox <- function(formula, data, ...) {
  call <- match.call()
  call[[1]] <- quote(coxph)
  call$control <- quote(exact)
  eval(call, parent.frame())
}

# Terms in the words of the tests: "celltype=large", "treated"; bounds are those of the hazard ratio.
reading <- function(fit, terms = names(coef(fit))) {
  naive <- if (is.null(fit$naive.var)) fit$var else fit$naive.var
  se <- sqrt(diag(fit$var))
  z <- coef(fit) / se
  list(table = data.frame(term = terms, coef = as.vector(coef(fit)), hazard_ratio = exp(as.vector(coef(fit))), se = se,
                          z = as.vector(z), p = as.vector(2 * pnorm(-abs(z))),
                          lower = as.vector(exp(coef(fit) - qnorm(0.975) * se)),
                          upper = as.vector(exp(coef(fit) + qnorm(0.975) * se))),
       naive_se = I(sqrt(diag(naive))), covariance = unname(fit$var),
       null_loglik = fit$loglik[1], loglik = fit$loglik[2], n = fit$n, events = fit$nevent)
}

proportionality <- function(fit, transform = "km", terms = TRUE) {
  test <- cox.zph(fit, transform = transform, terms = terms)$table
  data.frame(term = rownames(test), statistic = test[, "chisq"], df = test[, "df"], p = test[, "p"])
}

baseline <- function(fit) {
  hazard <- basehaz(fit, centered = FALSE)
  names(hazard)[names(hazard) == "hazard"] <- "cumulative"
  if (!is.null(hazard$strata)) hazard$strata <- sub("^.*=", "", as.character(hazard$strata))
  hazard
}

prison <- Surv(week, arrest) ~ fin + age + race + wexp + mar + paro + prio
quarterly <- update(prison, Surv(quarter, arrest) ~ .)
efron <- cox(prison, rossi)
by_race <- cox(Surv(week, arrest) ~ fin + age + wexp + mar + paro + prio + strata(race), rossi)
lungs <- cox(Surv(time, status) ~ age + sex + ph.ecog, lung)
cells <- cox(Surv(time, status) ~ trt + celltype + karno + diagtime + age + prior, veteran)
cell_terms <- c("trt", paste0("celltype=", levels(veteran$celltype)[-1]), "karno", "diagtime", "age", "prior")
karnofsky <- cox(Surv(time, status) ~ trt + prior + karno, veteran)
pieces <- survSplit(Surv(time, status) ~ ., data = veteran, cut = c(90, 180), episode = "piece", id = "person")
for (piece in 1:3) pieces[[paste0("karno", piece)]] <- pieces$karno * (pieces$piece == piece)
transplants <- cox(Surv(start, stop, event) ~ age + year + surgery + transplant, heart)
unempdur$reprate_ui <- unempdur$reprate * unempdur$ui
unempdur$disrate_ui <- unempdur$disrate * unempdur$ui
jobless <- Surv(spell, censor1) ~ reprate + disrate + ui + logwage + reprate_ui + disrate_ui

coxes <- list(
  rossi_efron = reading(efron),
  rossi_breslow = reading(cox(prison, rossi, ties = "breslow")),
  rossi_cluster_age = reading(cox(prison, rossi, cluster = age)),
  rossi_breslow_cluster_age = reading(cox(prison, rossi, ties = "breslow", cluster = age)),
  rossi_quarterly = reading(cox(quarterly, rossi)),
  rossi_quarterly_breslow = reading(cox(quarterly, rossi, ties = "breslow")),
  rossi_quarterly_cluster_age = reading(cox(quarterly, rossi, cluster = age)),
  rossi_quarterly_breslow_cluster_age = reading(cox(quarterly, rossi, ties = "breslow", cluster = age)),
  rossi_strata_race = reading(by_race),
  rossi_strata_race_cluster_age = reading(cox(formula(by_race), rossi, cluster = age)),
  rossi_weighted = reading(cox(prison, rossi, weights = weight, robust = FALSE)),
  rossi_weighted_breslow = reading(cox(prison, rossi, weights = weight, robust = FALSE, ties = "breslow")),
  rossi_quarterly_weighted = reading(cox(quarterly, rossi, weights = weight, robust = FALSE)),
  rossi_quarterly_weighted_cluster_age = reading(cox(quarterly, rossi, weights = weight, cluster = age)),
  lung = reading(lungs),
  veteran = reading(cells, cell_terms),
  veteran_pieces = reading(cox(Surv(tstart, time, status) ~ trt + prior + karno1 + karno2 + karno3, pieces)),
  heart = reading(transplants),
  heart_cluster_id = reading(cox(formula(transplants), heart, cluster = id)),
  heart_breslow_cluster_id = reading(cox(formula(transplants), heart, cluster = id, ties = "breslow")),
  heart_strata_surgery = reading(cox(Surv(start, stop, event) ~ age + year + transplant + strata(surgery), heart)),
  heart_everything = reading(cox(Surv(start, stop, event) ~ age + year + transplant + strata(surgery), heart,
                                 weights = weight, cluster = id)),
  heart_everything_breslow = reading(cox(Surv(start, stop, event) ~ age + year + transplant + strata(surgery), heart,
                                         weights = weight, cluster = id, ties = "breslow")),
  unempdur = reading(cox(jobless, unempdur)),
  unempdur_breslow = reading(cox(jobless, unempdur, ties = "breslow")),
  recid = reading(cox(Surv(durat, failed) ~ workprg + priors + tserved + felon + alcohol + drugs + black + married +
                        educ + age, recid))
)

proportional <- list(
  rossi_km = proportionality(efron),
  rossi_rank = proportionality(efron, "rank"),
  rossi_identity = proportionality(efron, "identity"),
  rossi_log = proportionality(efron, "log"),
  rossi_quarterly_km = proportionality(cox(quarterly, rossi)),
  rossi_breslow_km = proportionality(cox(prison, rossi, ties = "breslow")),
  rossi_strata_race_km = proportionality(by_race),
  veteran_km = proportionality(karnofsky),
  veteran_levels_km = proportionality(cells, terms = FALSE),
  veteran_terms_km = proportionality(cells),
  heart_km = proportionality(transplants)
)
proportional$veteran_levels_km$term <- c(cell_terms, "GLOBAL")

baselines <- list(
  rossi_efron = baseline(efron),
  rossi_breslow = baseline(cox(prison, rossi, ties = "breslow")),
  rossi_quarterly = baseline(cox(quarterly, rossi)),
  rossi_strata_race = baseline(by_race),
  rossi_quarterly_weighted = baseline(cox(quarterly, rossi, weights = weight, robust = FALSE)),
  heart = baseline(transplants)
)

write_answers(list(kaplan_meier = kaplan_meier, medians = median_times, restricted_means = restricted_means,
                   logrank = logranks, cox = coxes, proportional = proportional, baseline = baselines),
              "survival", "survival")
