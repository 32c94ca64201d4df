# Cumulative incidence of competing causes and Gray's test.
# Run from the repository root: Rscript tests/reference/r/competing.R FOLDER
source("tests/reference/r/answers.R")
library(cmprsk)

bmt <- public("bmt"); mgus2 <- public("mgus2"); unempdur <- public("unempdur")
# The first of the two diseases-or-deaths: 1 progression, 2 death without it.
mgus2$time <- ifelse(mgus2$pstat == 0, mgus2$futime, mgus2$ptime)
mgus2$cause <- ifelse(mgus2$pstat == 0, 2 * mgus2$death, 1)
mgus2$age_group <- cut(mgus2$age, c(0, 60, 70, 80, 200), c("a", "b", "c", "d"), right = FALSE)
unempdur$cause <- with(unempdur, ifelse(censor1 == 1, "fulltime", ifelse(censor2 == 1, "parttime", "")))

# Estimates at every time with an event of any cause, in every group.
incidence <- function(time, cause, group, censored = 0) {
  fit <- cuminc(time, cause, group, cencode = censored)
  tests <- fit$Tests
  fit$Tests <- NULL
  at <- sort(unique(time[cause != censored]))
  read <- timepoints(fit, at)
  groups <- sort(unique(as.character(group)))
  causes <- sort(unique(as.character(cause[cause != censored])))
  curves <- NULL
  for (g in groups) for (k in causes) {
    row <- paste(g, k)
    # Beyond the last person of a group there is no estimate.
    curves <- rbind(curves, data.frame(group = g, cause = k, time = at, incidence = as.vector(read$est[row, ]),
                                       variance = as.vector(read$var[row, ])))
  }
  list(curves = curves,
       # cuminc's own p is 1 - pchisq(), which has no digits left when it is small.
       gray = data.frame(cause = rownames(tests), statistic = tests[, "stat"], df = tests[, "df"],
                         p = pchisq(tests[, "stat"], tests[, "df"], lower.tail = FALSE)))
}

answers <- list(
  bmt = incidence(bmt$time, bmt$status, bmt$dis),
  mgus2_sex = incidence(mgus2$time, mgus2$cause, mgus2$sex),
  mgus2_age = incidence(mgus2$time, mgus2$cause, mgus2$age_group),
  unempdur_ui = incidence(unempdur$spell, unempdur$cause, unempdur$ui, "")
)

write_answers(answers, "competing", "cmprsk")
