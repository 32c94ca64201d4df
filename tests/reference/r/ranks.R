# Confidence sets for ranks.
# Run from the repository root: Rscript tests/reference/r/ranks.R FOLDER
source("tests/reference/r/answers.R")
suppressPackageStartupMessages(library(csranks))

# Invented levels: from far apart to nearly alike, with errors alike and very unlike.
designs <- list(
  apart = list(x = c(0.42, 0.34, 0.24, 0.27, 0.15, 0.31), se = c(0.02, 0.02, 0.03, 0.01, 0.02, 0.05)),
  alike = list(x = 0.5 + 0.01 * sin(1:12), se = rep(0.05, 12)),
  unlike = list(x = sin(1:25) / 2, se = 0.02 + 0.2 * (1:25 %% 5 == 0) + 0.01 * (1:25 %% 7)),
  many = list(x = qnorm((1:40 - 0.5) / 40) * (1 + 0.2 * cos(1:40)), se = 0.15 + 0.1 * (1:40 %% 4)))

sets <- function(one, ...) {
  found <- csranks(one$x, diag(one$se^2), coverage = 0.95, R = 20000, seed = 7, ...)
  list(low = I(found$L), high = I(found$U), rank = I(found$rank))
}

write_answers(lapply(designs, function(one) list(
  x = I(one$x), se = I(one$se), marginal = sets(one, simul = FALSE), together = sets(one, simul = TRUE))),
  "ranks", "csranks")
