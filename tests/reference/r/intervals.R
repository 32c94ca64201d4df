# Intervals of levels when people are counted several times: R survey's clustered variances, prop.test and poisson.test.

source("tests/reference/r/answers.R")
suppressPackageStartupMessages(library(survey))
set.seed(20160101)

# Rows of so many people, each with a level of their own.
people <- function(m, rows, mu, spread) {
  times <- 1 + rpois(m, rows - 1)
  person <- rep(seq_len(m), times)
  own <- plogis(qlogis(mu) + rnorm(m, 0, spread))
  data.frame(person = person, hit = rbinom(length(person), 1, own[person]),
             hours = round(37 * own[person] + rnorm(length(person), 0, 3), 1))
}

shapes <- list(c(2, 5, .4, 1), c(4, 3, .5, 2), c(12, 6, .3, 1), c(40, 4, .85, .5), c(150, 8, .1, 1.5), c(60, 2, .5, 0))
shares <- lapply(shapes, function(shape) {
  data <- people(shape[1], shape[2], shape[3], shape[4])
  design <- svydesign(ids = ~person, weights = ~1, data = data)
  n <- nrow(data)
  share <- svymean(~hit, design)
  p <- as.numeric(coef(share))
  deff <- as.numeric(vcov(share)) / (p * (1 - p) / n)
  # As svyciprop(method = "beta") does, but for designs that lose nothing, which count as none.
  worth <- min(n, n / max(1, deff) * (qt(0.025, n - 1) / qt(0.025, degf(design)))^2)
  wilson <- suppressWarnings(prop.test(p * worth, worth, correct = FALSE)$conf.int)
  mean <- svymean(~hours, design)
  student <- as.numeric(confint(mean, df = degf(design)))
  list(person = data$person, hit = data$hit, hours = data$hours, level = p, deff = deff, worth = worth,
       low = wilson[1], high = wilson[2], mean = as.numeric(coef(mean)), mean_low = student[1], mean_high = student[2])
})

# Everybody once, and a count of events.
once <- lapply(list(c(0, 7), c(1, 1), c(3, 10), c(40, 200), c(9, 9)), function(of) {
  wilson <- suppressWarnings(prop.test(of[1], of[2], correct = FALSE)$conf.int)
  list(n = of[1], d = of[2], low = wilson[1], high = wilson[2])
})
counts <- lapply(c(0, 1, 5, 37, 400), function(n) {
  exact <- poisson.test(n)$conf.int
  list(n = n, low = exact[1], high = exact[2])
})

write_answers(list(shares = shares, once = once, counts = counts), "intervals", "survey")
