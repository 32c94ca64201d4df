# Writes the public data that no Python package of the tests carries as small CSV files in tests/reference/data.
# Run from the repository root: Rscript tests/reference/r/extracts.R
# Numbers are written with 17 significant digits; yes-or-no states are 0/1; factors are their words.

folder <- "tests/reference/data"

save <- function(data, name) {
  numeric <- vapply(data, is.numeric, TRUE)
  data[numeric] <- lapply(data[numeric], function(column) {
    column <- as.numeric(column)
    text <- formatC(column, digits = 15, format = "g", width = 1)
    text[is.na(column)] <- NA
    longer <- which(as.numeric(text) != column)
    text[longer] <- formatC(column[longer], digits = 17, format = "g", width = 1)
    text
  })
  write.csv(data, file.path(folder, paste0(name, ".csv")), row.names = FALSE, quote = FALSE, na = "")
}

library(survival)
save(transform(lung, status = status - 1), "lung")
save(veteran, "veteran")
save(transform(heart, transplant = as.numeric(as.character(transplant))), "heart")
save(mgus2, "mgus2")

data("lalonde", package = "MatchIt")
save(data.frame(id = rownames(lalonde), lalonde), "lalonde")

data("PetersenCL", package = "sandwich")
save(PetersenCL, "petersen")
