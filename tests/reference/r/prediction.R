# Whether a score foretells an outcome: areas under the curve, their errors, and calibration.
# Run from the repository root: Rscript tests/reference/r/prediction.R tests/reference/data
source("tests/reference/r/answers.R")
suppressPackageStartupMessages({library(pROC); library(survival)})

data(aSAH)
asah <- data.frame(outcome = as.integer(aSAH$outcome == "Poor"), gender = tolower(as.character(aSAH$gender)),
                   age = aSAH$age, wfns = as.integer(aSAH$wfns), s100b = aSAH$s100b, ndka = aSAH$ndka)
write.csv(asah, file.path(folder, "asah.csv"), row.names = FALSE, quote = FALSE)
asah <- public("asah")

## Areas -------------------------------------------------------------------------------------------------------------

scores <- c("s100b", "ndka", "wfns")
curve <- function(score) roc(asah$outcome, asah[[score]], levels = c(0, 1), direction = "<", quiet = TRUE)
areas <- lapply(setNames(scores, scores), function(score) {
  found <- curve(score); area <- as.numeric(auc(found)); se <- sqrt(var(found, method = "delong"))
  points <- coords(found, "all", ret = c("sensitivity", "specificity"), transpose = FALSE)
  list(auc = area, se = se, plain = as.numeric(ci.auc(found, method = "delong"))[c(1, 3)],
       log_odds = plogis(qlogis(area) + c(-1, 1) * qnorm(0.975) * se / (area * (1 - area))),
       # from nobody expected to have the outcome to everybody
       sensitivity = rev(points$sensitivity), specificity = rev(points$specificity))
})
pairs <- lapply(list(c("s100b", "ndka"), c("wfns", "s100b"), c("wfns", "ndka")), function(pair) {
  one <- curve(pair[1]); two <- curve(pair[2])
  tested <- roc.test(one, two, method = "delong", paired = TRUE)
  list(scores = pair, difference = as.numeric(auc(one) - auc(two)), statistic = unname(tested$statistic),
       p = tested$p.value, covariance = cov(one, two, method = "delong"))
})

# Every cluster has rows with and without the outcome: then Obuchowski's variance is the infinitesimal jackknife's of
# concordance() times clusters / (clusters - 1).
asah$cluster <- (seq_len(nrow(asah)) - 1) %% 12
clustered <- lapply(setNames(scores, scores), function(score) {
  found <- concordance(reformulate(score, "outcome"), asah, cluster = cluster)
  list(auc = unname(found$concordance), variance = as.numeric(found$var))
})
clusters <- list(n = 12, both = all(tapply(asah$outcome, asah$cluster, function(y) length(unique(y)) == 2)),
                 areas = clustered)

## Calibration: chances from the even rows, judged on the odd ones ---------------------------------------------------

odd <- seq_len(nrow(asah)) %% 2 == 1
exact <- glm.control(epsilon = 1e-14, maxit = 100)
model <- glm(outcome ~ s100b + wfns, binomial, asah[!odd, ], control = exact)
judged <- asah[odd, ]
judged$p <- unname(predict(model, judged, type = "response"))
coefficients_of <- function(fit) {
  found <- summary(fit)$coefficients
  list(estimate = unname(found[, 1]), se = unname(found[, 2]))
}
shift <- glm(outcome ~ 1, binomial, judged, offset = qlogis(p), control = exact)
spread <- glm(outcome ~ qlogis(p), binomial, judged, control = exact)
calibration <- list(probability = judged$p, outcome = judged$outcome, in_the_large = coefficients_of(shift),
                    recalibrated = coefficients_of(spread), brier = mean((judged$p - judged$outcome)^2),
                    scaled_brier = 1 - mean((judged$p - judged$outcome)^2) /
                      mean((mean(judged$outcome) - judged$outcome)^2),
                    slope_is_1 = 2 * pnorm(-abs((coef(spread)[[2]] - 1) / sqrt(vcov(spread)[2, 2]))))

per_sd <- coefficients_of(glm(outcome ~ scale(s100b), binomial, asah, control = exact))

write_answers(list(areas = areas, pairs = pairs, clusters = clusters, calibration = calibration, per_sd = per_sd),
              "prediction", c("pROC", "survival"))
