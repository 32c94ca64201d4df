# What every script shares: reading the public data, and writing answers with the versions they came from.
# The folder of the data is the first argument (see tests/reference/README.md).

folder <- commandArgs(trailingOnly = TRUE)[1]
if (is.na(folder)) stop("give the folder that tests/publicdata.py wrote its tables to")

public <- function(name) read.csv(file.path(folder, paste0(name, ".csv")), check.names = FALSE)

# A named vector becomes an object, a data frame an object of columns; a matrix is written row by row.
plain <- function(x) {
  if (is.data.frame(x)) return(lapply(as.list(x), function(column) I(plain(column))))
  if (is.list(x)) return(lapply(x, plain))
  if (is.matrix(x)) return(unname(x))
  if (is.factor(x)) return(as.character(x))
  if (!is.null(names(x))) return(as.list(x))
  x
}

write_answers <- function(answers, name, packages = c()) {
  versions <- c(R = paste(R.version$major, R.version$minor, sep = "."))
  for (package in packages) versions[package] <- as.character(packageVersion(package))
  json <- jsonlite::toJSON(c(list(versions = as.list(versions)), plain(answers)),
                           digits = I(17), auto_unbox = TRUE, na = "null", null = "null")
  # One key per line at the two outer levels keeps changes readable without a line for every number.
  writeLines(gsub("},\"", "},\n\"", json, fixed = TRUE), file.path("tests", "reference", paste0(name, ".json")))
}
