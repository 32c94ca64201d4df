# Matching, its balance and the effects after it; weighting of the same people.
# Run from the repository root: Rscript tests/reference/r/matching.R FOLDER
# Needs MatchIt 4.7 or later: earlier versions ignore the caliper in some calls.
source("tests/reference/r/answers.R")
suppressPackageStartupMessages({library(MatchIt); library(sandwich); library(lmtest); library(Matching)})
stopifnot(packageVersion("MatchIt") >= "4.7.0")

lalonde <- public("lalonde")
lalonde$id <- NULL
lalonde$race <- factor(lalonde$race)
# A number that nobody shares: without it many controls are exactly equally near, and which of them MatchIt takes
# depends on how its distances happen to be rounded.
lalonde$unlike <- sin(seq_len(nrow(lalonde))^2)
covariates <- c("age", "educ", "race", "married", "nodegree", "re74", "re75")
model <- reformulate(covariates, "treat")
untied <- update(model, ~ . + unlike)
discrete <- treat ~ age + educ + race + married + nodegree

# Rows are numbered from 0.
pairs <- function(m) {
  found <- m$match.matrix
  data.frame(treated_row = rep(as.integer(rownames(found)), ncol(found)) - 1,
             control_row = as.integer(as.vector(found)) - 1,
             nth = rep(seq_len(ncol(found)), each = nrow(found)))
}

balance <- function(m) {
  read <- function(table, suffix) {
    kept <- table[, c("Means Treated", "Means Control", "Std. Mean Diff.", "Var. Ratio", "eCDF Mean", "eCDF Max")]
    colnames(kept) <- paste0(c("mean_treated", "mean_control", "smd", "variance_ratio", "ecdf_mean", "ks"), suffix)
    as.data.frame(kept)
  }
  found <- summary(m)
  names <- rownames(found$sum.all)
  after <- if (is.null(found$sum.across)) found$sum.matched else found$sum.across
  found <- if (is.null(after)) read(found$sum.all, "") else read(after, "_matched")
  data.frame(name = names, found)
}

# A person who was used in several pairs has several rows, and errors that follow pair and person.
effect <- function(m, outcome, data) {
  formulas <- list(plain = reformulate("treat", outcome), adjusted = reformulate(c("treat", covariates), outcome))
  replaced <- isTRUE(m$info$replace)
  md <- if (replaced) get_matches(m, data = data) else match_data(m, data = data)
  # The weights of the controls sum to the number of treated, as get_matches() has it and match_data() has not (there
  # their mean is 1). That matters to nothing but the adjusted estimate of cells and of several controls per treated.
  md$weights[md$treat == 0] <- md$weights[md$treat == 0] * sum(md$weights[md$treat == 1]) / sum(md$weights[md$treat == 0])
  lapply(formulas, function(formula) {
    fit <- do.call(lm, list(formula, data = md, weights = md$weights))
    by <- if (is.null(md$subclass)) NULL else if (replaced) ~ subclass + id else ~ subclass
    errors <- c(classical = sqrt(vcov(fit)["treat", "treat"]), HC1 = sqrt(vcovHC(fit, "HC1")["treat", "treat"]),
                HC0 = sqrt(vcovHC(fit, "HC0")["treat", "treat"]))
    if (!is.null(by)) errors["cluster"] <- sqrt(vcovCL(fit, by, type = "HC1")["treat", "treat"])
    c(estimate = unname(coef(fit)["treat"]), errors)
  })
}

# Standardisation to the matched treated: every covariate interacts with treatment.
standardised <- function(m, outcome) {
  md <- match_data(m)
  fit <- lm(reformulate(paste0("treat * (", paste(covariates, collapse = " + "), ")"), outcome), md, weights = weights)
  treated <- subset(md, treat == 1)
  gradient <- colMeans(model.matrix(delete.response(terms(fit)), transform(treated, treat = 1)) -
                         model.matrix(delete.response(terms(fit)), transform(treated, treat = 0)))
  covariance <- vcovCL(fit, ~subclass, type = "HC1")
  c(estimate = sum(gradient * coef(fit)), se = sqrt(drop(gradient %*% covariance %*% gradient)))
}

answer <- function(m, data = lalonde) {
  list(pairs = if (is.null(m$match.matrix)) NULL else pairs(m),
       weights = I(unname(m$weights)),
       matched_control = sum(m$weights > 0 & data$treat == 0),
       matched_treated = sum(m$weights > 0 & data$treat == 1),
       effective_control = sum(m$weights[data$treat == 0])^2 / sum(m$weights[data$treat == 0]^2),
       balance = balance(m), effect = effect(m, "re78", data))
}

designs <- list(
  nearest = matchit(model, lalonde),
  nearest_logit = matchit(model, lalonde, link = "linear.logit"),
  smallest = matchit(model, lalonde, m.order = "smallest"),
  closest = matchit(model, lalonde, m.order = "closest"),
  data = matchit(model, lalonde, m.order = "data"),
  ratio_2 = matchit(model, lalonde, ratio = 2),
  caliper = matchit(model, lalonde, caliper = 0.2),
  caliper_logit = matchit(model, lalonde, link = "linear.logit", caliper = 0.2),
  caliper_raw = matchit(model, lalonde, caliper = 0.05, std.caliper = FALSE),
  caliper_variables = matchit(model, lalonde, caliper = c(0.2, age = 0.5, re75 = 0.3)),
  caliper_variables_raw = matchit(model, lalonde, caliper = c(0.05, age = 3, re75 = 1000), std.caliper = FALSE),
  mahalanobis_caliper = matchit(untied, lalonde, distance = "mahalanobis", caliper = c(age = 0.5)),
  replace = matchit(model, lalonde, replace = TRUE),
  replace_ratio_3 = matchit(model, lalonde, replace = TRUE, ratio = 3),
  replace_caliper = matchit(model, lalonde, replace = TRUE, caliper = 0.1),
  exact_race = matchit(model, lalonde, exact = ~ race + married),
  mahalanobis_tied = matchit(model, lalonde, distance = "mahalanobis"),
  mahalanobis = matchit(untied, lalonde, distance = "mahalanobis"),
  mahalanobis_replace = matchit(untied, lalonde, distance = "mahalanobis", replace = TRUE),
  mahalanobis_ratio_2 = matchit(untied, lalonde, distance = "mahalanobis", ratio = 2),
  mahalanobis_exact = matchit(untied, lalonde, distance = "mahalanobis", exact = ~race),
  discard_treated = matchit(model, lalonde, discard = "treated"),
  discard_control = matchit(model, lalonde, discard = "control"),
  discard_both = matchit(model, lalonde, discard = "both"),
  exact = matchit(discrete, lalonde, method = "exact"),
  cem = matchit(model, lalonde, method = "cem"),
  cem_bins = matchit(model, lalonde, method = "cem",
                     cutpoints = list(age = c(20, 25, 30, 40), educ = 4, re74 = c(1, 5000), re75 = c(1, 5000))),
  subclass = matchit(model, lalonde, method = "subclass", subclass = 6)
)
matched <- suppressWarnings(lapply(designs, answer))
matched$nearest$standardised <- standardised(designs$nearest, "re78")
matched$caliper$standardised <- standardised(designs$caliper, "re78")
score <- list(probability = I(unname(designs$nearest$distance)), log_odds = I(unname(designs$nearest_logit$distance)))
before <- balance(matchit(model, lalonde, method = NULL))

## Abadie and Imbens' errors (package Matching), on people without ties --------------------------------------------

petersen <- subset(public("petersen"), firm <= 60)
petersen$treated <- as.numeric(petersen$year <= 3)
abadie_imbens <- function(estimand, M, variance) {
  # By default distances that differ by less than 0.00001 count as ties.
  fit <- with(petersen, Match(y, treated, x, estimand = estimand, M = M, Weight = 2, Var.calc = variance,
                              distance.tolerance = 0))
  c(estimate = drop(fit$est), se = fit$se)
}
neighbours <- list(
  att_1_homoscedastic = abadie_imbens("ATT", 1, 0), att_1_by_1 = abadie_imbens("ATT", 1, 1),
  att_1_by_2 = abadie_imbens("ATT", 1, 2), att_3_homoscedastic = abadie_imbens("ATT", 3, 0),
  att_3_by_1 = abadie_imbens("ATT", 3, 1), att_3_by_2 = abadie_imbens("ATT", 3, 2)
)

## The score's model ------------------------------------------------------------------------------------------------

strict <- glm.control(epsilon = 1e-14, maxit = 100)
chance <- glm(model, binomial, lalonde, control = strict)
logit <- list(terms = names(coef(chance)), coefficients = I(unname(coef(chance))),
              se = I(unname(sqrt(diag(vcov(chance))))), loglik = as.numeric(logLik(chance)))

write_answers(list(balance = before, score = score, matched = matched, neighbours = neighbours, logit = logit), "matching",
              c("MatchIt", "sandwich", "Matching"))
