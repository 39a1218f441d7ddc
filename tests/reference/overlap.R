# Expected values for tests/analysis/test_overlap.py. Run from this directory:
#   Rscript overlap.R
source("cases.R")

# The formulas of Derrick et al. on rows with a missing value where a region did not answer. (Their
# own package, Partiallyoverlapping, is not in Debian.)
conclude <- function(before, after, error, df, level, bound = Inf) {
  change <- mean(after, na.rm = TRUE) - mean(before, na.rm = TRUE)
  half <- qt(1 - (1 - level) / 2, df) * error
  list(value_before = mean(before, na.rm = TRUE), value_after = mean(after, na.rm = TRUE),
       change = change, statistic = change / error, df = if (is.finite(df)) df else NA,
       p = 2 * pt(-abs(change / error), df),
       low = max(-bound, change - half), high = min(bound, change + half))
}
correlation <- function(before, after) {
  pair <- !is.na(before) & !is.na(after)
  if (sum(pair) < 2 || sd(before[pair]) == 0 || sd(after[pair]) == 0) return(0)
  cor(before[pair], after[pair])
}

z8 <- function(both, up, down, neither, before_yes, before_n, after_yes, after_n, level = 0.95) {
  before <- c(rep(c(1, 0, 1, 0), c(both, up, down, neither)),
              rep(c(1, 0, NA), c(before_yes, before_n - before_yes, after_n)))
  after <- c(rep(c(1, 1, 0, 0), c(both, up, down, neither)),
             rep(c(NA, 1, 0), c(before_n, after_yes, after_n - after_yes)))
  n <- c(sum(!is.na(before)), sum(!is.na(after)))
  pooled <- mean(c(before, after), na.rm = TRUE)
  pairs <- both + up + down + neither
  variance <- pooled * (1 - pooled) *
    (1 / n[1] + 1 / n[2] - 2 * correlation(before, after) * pairs / prod(n))
  conclude(before, after, sqrt(variance), Inf, level, bound = 1)
}
z8_case <- function(name, guards, both, up, down, neither, before_yes, before_n, after_yes,
                    after_n, level = 0.95) {
  case("overlapping_proportions", name, guards,
       list(both = both, up = up, down = down, neither = neither, before_yes = before_yes,
            before_n = before_n, after_yes = after_yes, after_n = after_n, level = level),
       z8(both, up, down, neither, before_yes, before_n, after_yes, after_n, level))
}
z8_case("published", "before minus after; the pairs alone (Partiallyoverlapping: p = .053)",
        8, 3, 1, 3, 5, 9, 6, 6)
z8_case("51 and 61 regions", "taking the waves for independent: p = .062",
        24, 9, 3, 6, 4, 9, 14, 19)
z8_case("unpaired before only", "a division by 0 answers", 10, 6, 1, 5, 2, 8, 0, 0)
z8_case("no unpaired answers", "leaving out the correlation", 10, 6, 1, 5, 0, 0, 0, 0)
z8_case("one pair", "NaN of a correlation over one pair", 0, 1, 0, 0, 3, 8, 7, 9)
z8_case("all pairs yes before", "NaN of a correlation without spread", 6, 0, 3, 0, 4, 9, 2, 7)
z8_case("only unchanged pairs", "an error of 0", 12, 0, 0, 5, 2, 6, 6, 7)
z8_case("all discordant", "a negative correlation as 0", 0, 6, 4, 0, 3, 5, 4, 6)
z8_case("few answers", "limits beyond -1 and 1", 0, 0, 0, 0, 0, 2, 2, 2)
z8_case("few answers, falling", "limits beyond -1 and 1", 0, 0, 0, 0, 2, 2, 0, 2)
z8_case("level 90%", "the level of 95% whatever was asked", 8, 3, 1, 3, 5, 9, 6, 6, 0.9)

# Without pairs: R's own test of two proportions (z squared is its chi-square).
case("overlapping_proportions", "no pairs", "the unpooled variance",
     list(both = 0, up = 0, down = 0, neither = 0, before_yes = 31, before_n = 42, after_yes = 37,
          after_n = 42),
     list(p = prop.test(c(before_yes, after_yes), c(before_n, after_n), correct = FALSE)$p.value))

tnew2 <- function(transitions, before_counts, after_counts, scores, level = 0.95) {
  x <- pairs_of(transitions, scores)
  only_before <- answers_of(before_counts, scores)
  only_after <- answers_of(after_counts, scores)
  before <- c(x$before, only_before, rep(NA, length(only_after)))
  after <- c(x$after, rep(NA, length(only_before)), only_after)
  n <- c(sum(!is.na(before)), sum(!is.na(after)))
  spread <- c(var(before, na.rm = TRUE), var(after, na.rm = TRUE))
  pairs <- length(x$before)
  alone <- length(only_before) + length(only_after)
  variance <- sum(spread / n) -
    2 * correlation(before, after) * sqrt(prod(spread)) * pairs / prod(n)
  gamma <- sum(spread / n)^2 / sum((spread / n)^2 / (n - 1))
  df <- pairs - 1 + (gamma - pairs + 1) / (alone + 2 * pairs) * alone
  conclude(before, after, sqrt(variance), df, level)
}
published <- matrix(0, 12, 12)
pair_before <- c(14, 15, 18, 20, 11, 19, 14, 15)
pair_after <- c(15, 10, 15, 17, 13, 19, 12, 13)
for (i in 1:8) {
  at <- cbind(pair_before[i], pair_after[i]) - 9
  published[at] <- published[at] + 1
}
counted <- function(x) I(tabulate(x - 9, 12))
case("overlapping_means", "published data", "the pooled variance of Tnew1 (p = .026 as well)",
     list(transitions = published, before_counts = counted(c(20, 21, 16, 18, 14, 12, 14, 17)),
          after_counts = counted(c(10, 16, 18, 16, 15, 14, 13, 10)), scores = I(10:21)),
     tnew2(transitions, before_counts, after_counts, scores))
grades <- table_of(2, 5, 3, 0,  1, 6, 8, 2,  0, 2, 7, 4,  0, 0, 1, 1)
case("overlapping_means", "grades", "the variances of the pairs alone",
     list(transitions = grades, before_counts = I(c(3, 4, 2, 0)), after_counts = I(c(0, 2, 5, 6)),
          scores = I(c(6, 7, 8, 9))),
     tnew2(transitions, before_counts, after_counts, scores))
case("overlapping_means", "unpaired after only, level 90%", "the level of 95% whatever was asked",
     list(transitions = grades, before_counts = I(c(0, 0, 0, 0)), after_counts = I(c(0, 2, 5, 6)),
          scores = I(c(6, 7, 8, 9)), level = 0.9),
     tnew2(transitions, before_counts, after_counts, scores, level))
case("overlapping_means", "one pair", "NaN of a correlation over one pair",
     list(transitions = table_of(0, 1, 0, 0, 0, 0, 0, 0, 0), before_counts = I(c(3, 2, 1)),
          after_counts = I(c(1, 1, 4)), scores = I(c(1, 2, 3))),
     tnew2(transitions, before_counts, after_counts, scores))
case("overlapping_means", "pairs without spread", "NaN of a correlation without spread",
     list(transitions = table_of(0, 4, 0, 0, 0, 0, 0, 0, 0), before_counts = I(c(3, 2, 1)),
          after_counts = I(c(1, 1, 4)), scores = I(c(1, 2, 3))),
     tnew2(transitions, before_counts, after_counts, scores))
case("overlapping_means", "pairs rise equally, others do not", "an error of 0",
     list(transitions = table_of(0, 4, 0, 0, 0, 5, 0, 0, 0), before_counts = I(c(1, 0, 0)),
          after_counts = I(c(0, 0, 2)), scores = I(c(1, 2, 3))),
     tnew2(transitions, before_counts, after_counts, scores))

# At the ends: R's own t tests.
own <- function(test) {
  list(statistic = unname(test$statistic), df = unname(test$parameter), p = test$p.value,
       low = test$conf.int[1], high = test$conf.int[2])
}
case("overlapping_means", "no unpaired answers", "degrees of freedom other than n - 1",
     list(transitions = grades, before_counts = I(c(0, 0, 0, 0)), after_counts = I(c(0, 0, 0, 0)),
          scores = I(c(6, 7, 8, 9))), {
       x <- pairs_of(transitions, scores)
       own(t.test(x$after, x$before, paired = TRUE))
     })
case("overlapping_means", "no pairs", "degrees of freedom other than Welch's",
     list(transitions = matrix(0, 4, 4), before_counts = I(c(3, 4, 2, 0)),
          after_counts = I(c(0, 2, 5, 6)), scores = I(c(6, 7, 8, 9))),
     own(t.test(answers_of(after_counts, scores), answers_of(before_counts, scores))))

write_cases("overlap.json")
