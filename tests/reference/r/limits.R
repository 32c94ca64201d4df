# Control charts by qicharts2, funnel limits by R's own quantiles, overdispersion by the functions of FunnelPlotR.
# The second argument is the folder R/ of FunnelPlotR's source: its functions are read from there, because the
# package itself asks for a newer ggplot2 than they need.

source("tests/reference/r/answers.R")
suppressMessages(library(qicharts2))
options(qic.screenedmr = FALSE)  # all moving ranges, as Wheeler and Laney print their formulas
funnelplotr <- commandArgs(trailingOnly = TRUE)[2]
for (file in c("od_adjustment.R", "calculate_limits.R")) source(file.path(funnelplotr, file))

charted <- function(n, d = NULL, chart, freeze = NULL, value = NULL) {
  y <- if (is.null(value)) n else value
  made <- if (is.null(d)) qic(y, chart = chart, freeze = freeze) else qic(n, n = d, chart = chart, freeze = freeze)
  x <- made$data
  list(n = n, d = d, chart = chart, freeze = freeze, value = x$y, centre = x$cl, low = x$lcl, high = x$ucl,
       outside = x$sigma.signal, useful = x$n.useful[1], longest = x$longest.run[1], allowed = x$longest.run.max[1],
       crossings = x$n.crossings[1], fewest = x$n.crossings.min[1], runs = x$runs.signal[1])
}

# Montgomery 2013: orange juice cans (tables 7.1 to 7.3), circuit boards (7.7), aircraft primer paint (6.6)
juice <- c(12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6)
later <- c(9, 6, 12, 5, 6, 4, 6, 3, 7, 6, 2, 4, 3, 6, 5, 4, 8, 5, 6, 7, 5, 6, 3, 5)
boards <- c(21, 24, 16, 12, 15, 5, 28, 20, 31, 25, 20, 24, 16, 19, 10, 17, 13, 22, 18, 39, 30, 24, 16, 19, 17, 15)
paint <- c(33.75, 33.05, 34.00, 33.81, 33.46, 34.02, 33.68, 33.27, 33.49, 33.20, 33.62, 33.00, 33.54, 33.12, 33.84)
months <- data.frame(day = as.numeric(as.Date(cdi$month)), n = cdi$n, days = cdi$days)

set.seed(20160101)
drawn <- lapply(c(12, 13, 17, 24, 25, 36, 60), function(k) {
  d <- 20 + rpois(k, 30)
  level <- if (k %% 2) 0.4 else seq(0.3, 0.55, length.out = k)
  charted(rbinom(k, d, level), d, "p")
})
gaps <- c(4, 7, NA, 6, 9, 3, 5, NA, NA, 8, 6, 7, 10, 4, 6, 5, 11, 7)

control <- list(
  juice = charted(juice, rep(50, 30), "p"),
  juice_frozen = charted(c(juice, later), rep(50, 54), "p", freeze = 30),
  boards = charted(boards, chart = "c"),
  paint = charted(paint, chart = "i"),
  accidents_p = charted(nhs_accidents$r, nhs_accidents$n, "p"),
  accidents_laney = charted(nhs_accidents$r, nhs_accidents$n, "pp"),
  infections_u = charted(cdi$n, cdi$days, "u"),
  infections_laney = charted(cdi$n, cdi$days, "up"),
  infections_frozen = charted(cdi$n, cdi$days, "u", freeze = 24),
  gaps = charted(gaps, chart = "i")
)

# Spiegelhalter 2005, appendix A.1: (r - alpha) / N, and the mirrored upper limit of the package
ends <- function(q, cdf) {
  one <- function(p, size) {
    r <- q(p, size)
    (r - (cdf(r, size) - p) / (cdf(r, size) - cdf(r - 1, size))) / size
  }
  function(size) list(size = size, low_998 = one(0.001, size), low_95 = one(0.025, size),
                      printed_95 = one(0.975, size), printed_998 = one(0.999, size),
                      high_95 = one(0.975, size) + 1 / size, high_998 = one(0.999, size) + 1 / size)
}
sizes <- c(1, 2, 5, 8, 13, 20, 37, 60, 100, 250, 1000, 5000)
binomial <- lapply(c(0.05, 0.5, 0.861), function(level) c(list(level = level), ends(
  function(p, n) qbinom(p, n, level), function(r, n) pbinom(r, n, level))(sizes)))
poissons <- lapply(c(0.08, 0.4, 3), function(level) c(list(level = level), ends(
  function(p, n) qpois(p, n * level), function(r, n) ppois(r, n * level))(sizes + 0.25)))

# places that truly differ, and places that do not
spread <- lapply(c(0, 0.5, 0.9), function(sd) {
  size <- c(12, 15, 20, 22, 25, 30, 33, 40, 41, 48, 55, 60, 66, 75, 90, 110, 140, 200, 260, 400)
  place <- data.frame(group = sprintf("s%02d", seq_along(size)), denominator = size,
                      numerator = rbinom(length(size), size, plogis(rnorm(length(size), 0.8, sd))))
  place$rr <- place$numerator / place$denominator
  z <- winsorisation(transformed_zscore(place, "PR"), 0.1)
  phi <- phi_func(nrow(z), z$Wuzscore)
  tau2 <- tau_func(nrow(z), phi, z$s)
  level <- sum(place$numerator) / sum(place$denominator)
  wide <- calculate_limits(data.frame(number_seq = size), "PR", "SHMI", 1, tau2, level, TRUE)
  # rates: the root of what was over what was expected, whose tau is ours over the root of the level
  counts <- data.frame(group = place$group, denominator = size, numerator = rpois(length(size), size * 0.3 * exp(rnorm(20, 0, sd))))
  rate <- sum(counts$numerator) / sum(counts$denominator)
  expected <- transform(counts, denominator = denominator * rate)
  zr <- winsorisation(transformed_zscore(expected, "SR", "CQC"), 0.1)
  phir <- phi_func(nrow(zr), zr$Wuzscore)
  list(n = place$numerator, d = size, phi = phi, tau2 = tau2, level = level, low_95 = wide$odll95, high_95 = wide$odul95,
       low_998 = wide$odll998, high_998 = wide$odul998,
       counts = counts$numerator, rate = rate, phi_rate = phir, tau2_rate = tau_func(nrow(zr), phir, zr$s))
})

write_answers(list(control = control, drawn = drawn, binomial = binomial, poisson = poissons, spread = spread),
              "limits", "qicharts2")
