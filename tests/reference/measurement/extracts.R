# Writes the public data of measurement as small CSV files beside this script.
# Run from the repository root: Rscript tests/reference/measurement/extracts.R
# Scores keep all their digits: holzinger's are sums divided by numbers such as 6.

folder <- "tests/reference/measurement"
save <- function(data, name) {
  data[] <- lapply(data, function(column) {
    text <- formatC(as.numeric(column), digits = 15, format = "g", width = 1)
    longer <- which(as.numeric(text) != column)
    text[longer] <- formatC(column[longer], digits = 17, format = "g", width = 1)
    text
  })
  write.csv(data, file.path(folder, paste0(name, ".csv")), row.names = FALSE, quote = FALSE)
}

data("bfi", package = "psych")
items <- bfi[c(paste0("A", 1:5), paste0("N", 1:5))]
save(head(items[complete.cases(items), ], 500), "bfi")

data("HolzingerSwineford1939", package = "lavaan")
save(HolzingerSwineford1939[paste0("x", 1:9)], "holzinger")

data("anxiety", package = "irr")
data("video", package = "irr")
save(anxiety, "anxiety")
save(video, "video")

# Printed in the papers: Shrout & Fleiss (1979) table 2, and the first readings of Bland & Altman (1986) table 1.
save(data.frame(judge1 = c(9, 6, 8, 7, 10, 6), judge2 = c(2, 1, 4, 1, 5, 2), judge3 = c(5, 3, 6, 2, 6, 4),
                judge4 = c(8, 2, 8, 6, 9, 7)), "shrout_fleiss")
save(data.frame(
  large = c(494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427),
  mini = c(512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451)), "pefr")
