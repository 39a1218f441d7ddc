# Expected values for tests/analysis/test_reliability.py. Run from this directory:
#   Rscript reliability.R
source("cases.R")
suppressPackageStartupMessages(library(psych))

# One row per respondent.
rows_of <- function(patterns, counts) patterns[rep(seq_len(nrow(patterns)), counts), , drop = FALSE]
complete_of <- function(patterns, counts) {
  rows <- as.data.frame(rows_of(patterns, counts))
  rows[complete.cases(rows), , drop = FALSE]
}

# psych drops an item that everyone answered alike and then leaves it out of k: hence delete.
alpha_of <- function(patterns, counts, level = 0.95) {
  rows <- complete_of(patterns, counts)
  result <- suppressWarnings(psych::alpha(rows, delete = FALSE, warnings = FALSE))
  alpha <- result$total$raw_alpha
  feldt <- alpha.ci(alpha, nrow(rows), ncol(rows), p.val = 1 - level)
  list(alpha = alpha, n = nrow(rows), k = ncol(rows),
       low = feldt$lower.ci, high = feldt$upper.ci)
}
# For blocks that psych cannot take apart: the definition, on rows.
alpha_by_hand <- function(patterns, counts) {
  rows <- complete_of(patterns, counts)
  k <- ncol(rows)
  list(alpha = k / (k - 1) * (1 - sum(apply(rows, 2, var)) / var(rowSums(rows))),
       n = nrow(rows), k = k)
}
rest_of <- function(patterns, counts) {
  rows <- complete_of(patterns, counts)
  suppressWarnings(psych::alpha(rows, delete = FALSE, warnings = FALSE))$item.stats$r.drop
}
rest_by_hand <- function(patterns, counts) {
  rows <- complete_of(patterns, counts)
  sapply(seq_along(rows), function(i) {
    item <- rows[[i]]
    rest <- rowSums(rows[-i])
    if (var(item) == 0 || var(rest) == 0) NA else cor(item, rest)
  })
}
scores_of <- function(patterns, minimum) {
  apply(patterns, 1, function(row) {
    if (sum(!is.na(row)) >= minimum) mean(row, na.rm = TRUE) else NA
  })
}

four <- rbind(c(4, 4, 5, 4), c(3, 4, 4, 3), c(2, 2, 3, 3), c(5, 4, 5, 5), c(1, 2, 2, 3),
              c(3, 3, 2, 4), c(4, 5, 4, 4), c(2, 3, 3, 2))
times <- c(6, 9, 4, 7, 2, 5, 8, 3)
gaps <- rbind(four, c(4, NA, 5, 4), c(NA, NA, NA, NA), c(5, 1, NA, NA))
gap_times <- c(times, 4, 2, 5)
against <- rbind(c(1, 5, 2), c(5, 1, 4), c(2, 4, 5), c(4, 3, 1))
against_times <- c(3, 4, 2, 5)
level_item <- cbind(four, 3)

case("cronbach_alpha", "four items", "counting a pattern once instead of per respondent",
     list(patterns = four, counts = times), alpha_of(patterns, counts), "psych")
case("cronbach_alpha", "another level", "the 95% interval",
     list(patterns = four, counts = times, level = 0.9), alpha_of(patterns, counts, level), "psych")
case("cronbach_alpha", "missing answers", "pairwise covariances, or a missing answer read as 0",
     list(patterns = gaps, counts = gap_times), alpha_of(patterns, counts), "psych")
case("cronbach_alpha", "items against each other", "0, or the absolute value",
     list(patterns = against, counts = against_times), alpha_of(patterns, counts), "psych")
case("cronbach_alpha", "an item with one answer for all", "alpha of the four other items",
     list(patterns = level_item, counts = times), alpha_by_hand(patterns, counts))
case("cronbach_alpha", "two respondents", "a division by 0",
     list(patterns = rbind(c(1, 2, 2), c(2, 4, 1)), counts = c(1, 1)),
     alpha_by_hand(patterns, counts))
case("cronbach_alpha", "a count of 0", "counting a pattern that nobody gave",
     list(patterns = rbind(four, c(5, 1, 1, 5)), counts = c(times, 0)),
     alpha_of(patterns, counts), "psych")

case("item_rest_correlations", "four items", "the correlation with a total that holds the item",
     list(patterns = four, counts = times), rest_of(patterns, counts), "psych")
case("item_rest_correlations", "missing answers", "other respondents for every item",
     list(patterns = gaps, counts = gap_times), rest_of(patterns, counts), "psych")
case("item_rest_correlations", "items against each other", "the absolute value",
     list(patterns = against, counts = against_times), rest_of(patterns, counts), "psych")
case("item_rest_correlations", "an item with one answer for all", "NaN of 0/0",
     list(patterns = level_item, counts = times), rest_by_hand(patterns, counts))

case("block_scores", "at least half", "a missing answer read as 0",
     list(patterns = gaps, minimum = 2), scores_of(patterns, minimum))
case("block_scores", "all items", "a mean over fewer items",
     list(patterns = gaps, minimum = 4), scores_of(patterns, minimum))

write_cases("reliability.json")
