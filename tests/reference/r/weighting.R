# Weighting, standardisation and doubly robust estimates, with errors from stacked estimating equations.
# The equations are written out here and differentiated numerically, so that nothing is shared with what is tested.
# Run from the repository root: Rscript tests/reference/r/weighting.R FOLDER
source("tests/reference/r/answers.R")
suppressPackageStartupMessages({library(sandwich); library(numDeriv)})

lalonde <- public("lalonde"); cattaneo2 <- public("cattaneo2"); nhefs <- public("nhefs")
strict <- glm.control(epsilon = 1e-14, maxit = 100)

# Columns are scaled: no estimate below depends on it, and derivatives are then of the same size.
columns <- function(formula, data) {
  x <- model.matrix(formula, data)
  x[, -1] <- scale(x[, -1])
  x
}

# psi(theta) gives one row per person and one column per equation; the contrast is the difference wanted.
stacked <- function(psi, theta, contrast) {
  n <- nrow(psi(theta))
  for (step in 1:3) {  # polishes the starting values, which come from the separate fits
    a <- jacobian(function(at) colMeans(psi(at)), theta)
    theta <- theta - solve(a, colMeans(psi(theta)))
  }
  a <- solve(jacobian(function(at) colMeans(psi(at)), theta))
  v <- a %*% crossprod(psi(theta)) %*% t(a) / n^2
  c(estimate = sum(contrast * theta), se = sqrt(drop(contrast %*% v %*% contrast)))
}

link_of <- function(link) make.link(link)
score_equations <- function(x, treated, beta, link) {
  eta <- drop(x %*% beta); p <- link_of(link)$linkinv(eta); slope <- link_of(link)$mu.eta(eta)
  x * ((treated - p) * slope / (p * (1 - p)))
}
weights_of <- function(estimand, treated, p) {
  switch(estimand, ATE = ifelse(treated == 1, 1 / p, 1 / (1 - p)), ATT = ifelse(treated == 1, 1, p / (1 - p)),
         ATC = ifelse(treated == 1, (1 - p) / p, 1), ATO = ifelse(treated == 1, 1 - p, p))
}

ipw <- function(y, treated, x, estimand, link = "logit") {
  beta <- coef(glm.fit(x, treated, family = binomial(link), control = strict))
  k <- length(beta); p <- link_of(link)$linkinv(drop(x %*% beta)); w <- weights_of(estimand, treated, p)
  fit <- lm(y ~ treated, weights = w)
  means <- c(sum(coef(fit)), coef(fit)[1])
  psi <- function(theta) {
    w <- weights_of(estimand, treated, link_of(link)$linkinv(drop(x %*% theta[1:k])))
    cbind(score_equations(x, treated, theta[1:k], link), w * treated * (y - theta[k + 1]),
          w * (1 - treated) * (y - theta[k + 2]))
  }
  found <- stacked(psi, c(beta, means), c(rep(0, k), 1, -1))
  ess <- tapply(w, treated, function(part) sum(part)^2 / sum(part^2))
  c(found, hc0 = sqrt(vcovHC(fit, "HC0")[2, 2]), effective_control = unname(ess["0"]),
    effective_treated = unname(ess["1"]))
}

family_of <- function(y) if (all(y %in% 0:1)) binomial(control = strict) else gaussian()
outcome_link <- function(y) make.link(if (all(y %in% 0:1)) "logit" else "identity")
fit_outcome <- function(x, y) {
  if (all(y %in% 0:1)) coef(glm.fit(x, y, family = binomial(), control = strict)) else qr.solve(x, y)
}

standardised <- function(y, treated, x, estimand) {
  g <- outcome_link(y)$linkinv; k <- ncol(x)
  one <- fit_outcome(x[treated == 1, ], y[treated == 1]); two <- fit_outcome(x[treated == 0, ], y[treated == 0])
  meant <- switch(estimand, ATE = rep(1, length(y)), ATT = treated, ATC = 1 - treated)
  psi <- function(theta) {
    m1 <- g(drop(x %*% theta[1:k])); m0 <- g(drop(x %*% theta[k + 1:k]))
    cbind(x * treated * (y - m1), x * (1 - treated) * (y - m0), meant * (m1 - theta[2 * k + 1]),
          meant * (m0 - theta[2 * k + 2]))
  }
  start <- c(one, two, weighted.mean(g(drop(x %*% one)), meant), weighted.mean(g(drop(x %*% two)), meant))
  stacked(psi, start, c(rep(0, 2 * k), 1, -1))
}

# One model with treatment as a column, possibly multiplied by some covariates.
one_model <- function(y, formula, data, treatment) {
  as_if <- function(value) { data[[treatment]] <- value; model.matrix(formula, data) }
  x <- model.matrix(formula, data); scales <- apply(abs(x), 2, max)
  x <- sweep(x, 2, scales, "/"); x1 <- sweep(as_if(1), 2, scales, "/"); x0 <- sweep(as_if(0), 2, scales, "/")
  k <- ncol(x)
  beta <- qr.solve(x, y)
  psi <- function(theta) {
    b <- theta[1:k]
    cbind(x * (y - drop(x %*% b)), drop(x1 %*% b) - theta[k + 1], drop(x0 %*% b) - theta[k + 2])
  }
  stacked(psi, c(beta, mean(x1 %*% beta), mean(x0 %*% beta)), c(rep(0, k), 1, -1))
}

aipw <- function(y, treated, x, z, estimand, link = "logit") {
  g <- outcome_link(y)$linkinv; k <- ncol(x); q <- ncol(z)
  one <- fit_outcome(x[treated == 1, ], y[treated == 1]); two <- fit_outcome(x[treated == 0, ], y[treated == 0])
  beta <- coef(glm.fit(z, treated, family = binomial(link), control = strict))
  psi <- function(theta) {
    m1 <- g(drop(x %*% theta[1:k])); m0 <- g(drop(x %*% theta[k + 1:k]))
    b <- theta[2 * k + 1:q]; p <- link_of(link)$linkinv(drop(z %*% b)); delta <- theta[2 * k + q + 1]
    last <- switch(estimand,
      ATE = m1 - m0 + treated * (y - m1) / p - (1 - treated) * (y - m0) / (1 - p) - delta,
      ATT = (treated - (1 - treated) * p / (1 - p)) * (y - m0) - treated * delta)
    cbind(x * treated * (y - m1), x * (1 - treated) * (y - m0), score_equations(z, treated, b, link), last)
  }
  stacked(psi, c(one, two, beta, 0), c(rep(0, 2 * k + q), 1))
}

entropy <- function(y, treated, x) {
  z <- x[, -1]; target <- colMeans(z[treated == 1, ]); lambda <- rep(0, ncol(z))
  dual <- function(l) log(sum(exp(drop(sweep(z[treated == 0, ], 2, target) %*% l))))
  lambda <- optim(lambda, dual, method = "BFGS", control = list(reltol = 1e-15, maxit = 2000))$par
  w0 <- exp(drop(sweep(z, 2, target) %*% lambda))
  k <- ncol(z)
  psi <- function(theta) {
    m <- theta[1:k]; moved <- sweep(z, 2, m); w <- exp(drop(moved %*% theta[k + 1:k]))
    cbind(treated * moved, (1 - treated) * w * moved, treated * (y - theta[2 * k + 1]),
          (1 - treated) * w * (y - theta[2 * k + 2]))
  }
  start <- c(target, lambda, mean(y[treated == 1]), weighted.mean(y[treated == 0], w0[treated == 0]))
  found <- stacked(psi, start, c(rep(0, 2 * k), 1, -1))
  c(found, effective_control = sum(w0[treated == 0])^2 / sum(w0[treated == 0]^2))
}

## The training programme -------------------------------------------------------------------------------------------

x <- columns(~ age + educ + race + married + nodegree + re74 + re75, lalonde)
# Without race: all eleven treated Hispanics had earnings, so that a logistic model among the treated has no maximum.
lalonde$employed <- as.numeric(lalonde$re78 > 0)
without_race <- columns(~ age + educ + married + nodegree + re74 + re75, lalonde)
estimands <- c(ATE = "ATE", ATT = "ATT", ATC = "ATC", ATO = "ATO")
training <- with(lalonde, list(
  ipw = lapply(estimands, function(e) ipw(re78, treat, x, e)),
  standardised = lapply(estimands[1:3], function(e) standardised(re78, treat, x, e)),
  standardised_employed = lapply(estimands[1:3], function(e) standardised(employed, treat, without_race, e)),
  aipw = lapply(estimands[1:2], function(e) aipw(re78, treat, x, x, e)),
  aipw_employed = lapply(estimands[1:2], function(e) aipw(employed, treat, without_race, x, e)),
  entropy = entropy(re78, treat, x)
))

## Smoking and birth weight (Cattaneo 2010) -------------------------------------------------------------------------

outcome <- columns(~ prenatal1_ + mmarried_ + mage + fbaby_, cattaneo2)
chance <- columns(~ mmarried_ + mage + mage2 + fbaby_ + medu, cattaneo2)
links <- c(logit = "logit", probit = "probit")
birth_weight <- with(cattaneo2, list(
  ra = standardised(bweight, mbsmoke_, outcome, "ATE"),
  ra_att = standardised(bweight, mbsmoke_, outcome, "ATT"),
  ipw = lapply(links, function(link) ipw(bweight, mbsmoke_, chance, "ATE", link)),
  aipw = lapply(links, function(link) aipw(bweight, mbsmoke_, outcome, chance, "ATE", link))
))

## Giving up smoking and weight (Hernán and Robins, What If, chapters 12 and 13) -------------------------------------

confounders <- ~ sex + race + age + I(age^2) + factor(education) + smokeintensity + I(smokeintensity^2) + smokeyrs +
  I(smokeyrs^2) + factor(exercise) + factor(active) + wt71 + I(wt71^2)
smoking <- list(
  ipw = with(nhefs, ipw(wt82_71, qsmk, columns(confounders, nhefs), "ATE")),
  standardised = one_model(nhefs$wt82_71, update(confounders, ~ . + qsmk + I(qsmk * smokeintensity)), nhefs, "qsmk")
)

write_answers(list(lalonde = training, cattaneo2 = birth_weight, nhefs = smoking), "weighting", c("sandwich", "numDeriv"))
