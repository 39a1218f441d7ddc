# Expected values for tests/analysis/test_significance.py. Run from this directory:
#   Rscript significance.R
source("cases.R")
suppressPackageStartupMessages({
  library(coin)
  library(effectsize)
})

# Mid-p as Fagerland, Lydersen & Laake (2013) compute it: the exact p less the probability of the
# observed table. (For up = down see the Python docstring: no case here.)
midp <- function(up, down) {
  binom.test(up, up + down)$p.value - dbinom(up, up + down, 0.5)
}

case("mcnemar_midp", "published", "the exact p, .0703 (Fagerland, Lydersen & Laake 2013: .0391)",
     list(up = 7, down = 1), midp(up, down))
case("mcnemar_midp", "all discordant pairs rise", "a normal approximation: .0143",
     list(up = 6, down = 0), midp(up, down))
case("mcnemar_midp", "published, larger", "the exact p, .0525 (contingencytables: .034690)",
     list(up = 16, down = 6), midp(up, down))
case("mcnemar_midp", "one discordant pair", "a division by the variance of nothing",
     list(up = 0, down = 1), midp(up, down))
case("mcnemar_midp", "many pairs", "overflow of a product of factorials",
     list(up = 1200, down = 1100), midp(up, down))
case("mcnemar_exact", "few pairs", "the mid-p, .0391",
     list(up = 7, down = 1), binom.test(up, up + down)$p.value)
case("mcnemar_exact", "as many up as down", "the continuity-corrected chi-square: .75",
     list(up = 5, down = 5), binom.test(up, up + down)$p.value)
case("mcnemar_exact", "all discordant pairs fall", "the mid-p, .0156",
     list(up = 0, down = 6), binom.test(up, up + down)$p.value)

fisher <- function(before_yes, before_n, after_yes, after_n) {
  table <- rbind(c(before_yes, before_n - before_yes), c(after_yes, after_n - after_yes))
  fisher.test(table)$p.value
}
case("fisher_exact", "31 and 37 of 42", "the z test, .095",
     list(before_yes = 31, before_n = 42, after_yes = 37, after_n = 42),
     fisher(before_yes, before_n, after_yes, after_n))
case("fisher_exact", "equally likely tables", "leaving out the table as likely up to rounding",
     list(before_yes = 2, before_n = 9, after_yes = 7, after_n = 9),
     fisher(before_yes, before_n, after_yes, after_n))
case("fisher_exact", "everyone yes", "NaN of an empty margin",
     list(before_yes = 9, before_n = 9, after_yes = 4, after_n = 4),
     fisher(before_yes, before_n, after_yes, after_n))
case("fisher_exact", "one against one", "an asymptotic p: .157",
     list(before_yes = 0, before_n = 1, after_yes = 1, after_n = 1),
     fisher(before_yes, before_n, after_yes, after_n))

# W+ and the matched rank-biserial from the rows, the p value from coin.
pratt <- function(transitions, scores = seq_len(nrow(transitions)) - 1, distribution = "exact") {
  x <- pairs_of(transitions, scores)
  d <- x$after - x$before
  r <- rank(abs(d))
  plus <- sum(r[d > 0])
  minus <- sum(r[d < 0])
  test <- wilcoxsign_test(x$after ~ x$before, distribution = distribution, zero.method = "Pratt")
  list(p = as.numeric(pvalue(test)), statistic = plus, effect = (plus - minus) / (plus + minus))
}
panel <- table_of(0, 1, 1, 0, 0,  0, 2, 3, 2, 0,  0, 1, 7, 6, 2,  0, 0, 3, 6, 3,  0, 0, 0, 1, 4)
case("wilcoxon_pratt", "panel of 42 on five points",
     "scipy.stats.wilcoxon(zero_method='pratt', method='exact') ignores ties and zeros: .1413",
     list(transitions = panel), pratt(transitions), "coin")
case("wilcoxon_pratt", "ties only", "an exact null without ties (one rank per pair)",
     list(transitions = table_of(0, 7, 2, 0)), pratt(transitions), "coin")
case("wilcoxon_pratt", "no unchanged pair", "zeros treated by Wilcoxon or Pratt alike",
     list(transitions = table_of(0, 4, 1, 1, 0, 3, 0, 1, 0)), pratt(transitions), "coin")
case("wilcoxon_pratt", "all rise equally", "NaN of a constant difference",
     list(transitions = table_of(0, 5, 0, 0, 0, 3, 0, 0, 0)), pratt(transitions), "coin")
case("wilcoxon_pratt", "one pair", "a normal p: .317",
     list(transitions = table_of(0, 1, 0, 0)), pratt(transitions), "coin")
case("wilcoxon_pratt", "mostly unchanged",
     "dropping the zeros before ranking (Wilcoxon's own treatment), another W+ and p",
     list(transitions = table_of(20, 3, 0, 1, 15, 6, 0, 1, 4)), pratt(transitions), "coin")
case("wilcoxon_pratt", "unequal steps", "taking positions for scores",
     list(transitions = table_of(2, 3, 1, 1, 2, 4, 2, 1, 2), scores = I(c(0, 1, 5))),
     pratt(transitions, scores), "coin")
case("wilcoxon_pratt", "above the limit of exact",
     "a variance without the correction for ties, or with the zeros in it",
     list(transitions = table_of(300, 120, 40, 90, 200, 110, 60, 70, 150)),
     pratt(transitions, distribution = "asymptotic"), "coin")

wilcox <- function(before_counts, after_counts, exact = NULL) {
  before <- answers_of(before_counts)
  after <- answers_of(after_counts)
  test <- suppressWarnings(wilcox.test(after, before, exact = exact, correct = TRUE))
  list(p = test$p.value, statistic = unname(test$statistic),
       effect = suppressWarnings(rank_biserial(after, before))$r_rank_biserial)
}
case("mann_whitney", "five points, with ties", "scipy's method='exact', which ignores ties",
     list(before_counts = I(c(4, 9, 15, 10, 4)), after_counts = I(c(1, 6, 14, 18, 12))),
     wilcox(before_counts, after_counts), "effectsize")
case("mann_whitney", "few answers, with ties", "exact p although there are ties",
     list(before_counts = I(c(3, 4, 0)), after_counts = I(c(0, 1, 3))),
     wilcox(before_counts, after_counts), "effectsize")
case("mann_whitney", "no ties", "the normal form where the exact one is valid",
     list(before_counts = I(c(1, 0, 1, 1, 0, 1, 0, 0, 0, 0)),
          after_counts = I(c(0, 1, 0, 0, 1, 0, 1, 1, 1, 1))),
     wilcox(before_counts, after_counts), "effectsize")
case("mann_whitney", "one against one", "the normal form without continuity correction: .317",
     list(before_counts = I(c(1, 0)), after_counts = I(c(0, 1))),
     wilcox(before_counts, after_counts), "effectsize")
case("mann_whitney", "no overlap, ties only", "another sign: after is lower throughout",
     list(before_counts = I(c(0, 12)), after_counts = I(c(9, 0))),
     wilcox(before_counts, after_counts), "effectsize")
case("mann_whitney", "no ties, one wave of 50", "exact beyond the limit of R",
     list(before_counts = I(rep(c(1, 0), c(50, 2))), after_counts = I(rep(c(0, 1), c(50, 2)))),
     wilcox(before_counts, after_counts), "effectsize")

# From the ranks, as Brunner & Munzel (2000) write it (Python uses placements).
brunner <- function(before_counts, after_counts, scores = seq_along(before_counts) - 1) {
  x <- answers_of(before_counts, scores)
  y <- answers_of(after_counts, scores)
  n <- c(length(x), length(y))
  ranks <- rank(c(x, y))
  of_x <- ranks[seq_along(x)]
  of_y <- ranks[-seq_along(x)]
  spread <- c(sum((of_x - rank(x) - mean(of_x) + (n[1] + 1) / 2)^2) / (n[1] - 1),
              sum((of_y - rank(y) - mean(of_y) + (n[2] + 1) / 2)^2) / (n[2] - 1))
  t <- prod(n) * (mean(of_y) - mean(of_x)) / (sum(n) * sqrt(sum(n * spread)))
  df <- sum(n * spread)^2 / sum((n * spread)^2 / (n - 1))
  list(p = 2 * pt(-abs(t), df), statistic = t,
       effect = mean(outer(y, x, ">") + outer(y, x, "==") / 2))
}
case("brunner_munzel", "published pain scores", "the normal distribution (lawstat: p = .005786)",
     list(before_counts = I(c(11, 2, 0, 1, 0)), after_counts = I(c(3, 1, 4, 2, 1))),
     brunner(before_counts, after_counts))
case("brunner_munzel", "five points, with ties", "the equal spread of Mann-Whitney: .0062",
     list(before_counts = I(c(4, 9, 15, 10, 4)), after_counts = I(c(1, 6, 14, 18, 12))),
     brunner(before_counts, after_counts))
case("brunner_munzel", "unequal spread", "the degrees of freedom n - 2",
     list(before_counts = I(c(0, 1, 20, 2, 0)), after_counts = I(c(6, 0, 1, 0, 5))),
     brunner(before_counts, after_counts))
case("brunner_munzel", "one wave without spread", "refusing the test, or dividing by 0",
     list(before_counts = I(c(0, 4, 0)), after_counts = I(c(0, 3, 3))),
     brunner(before_counts, after_counts))
case("brunner_munzel", "two against two", "the normal distribution where df is small",
     list(before_counts = I(c(1, 1, 0)), after_counts = I(c(0, 1, 1))),
     brunner(before_counts, after_counts))
case("brunner_munzel", "scores in another order", "taking positions for scores",
     list(before_counts = I(c(5, 2, 1)), after_counts = I(c(1, 2, 6)), scores = I(c(2, 3, 1))),
     brunner(before_counts, after_counts, scores))

paired <- function(transitions, scores) {
  x <- pairs_of(transitions, scores)
  test <- t.test(x$after, x$before, paired = TRUE)
  list(p = test$p.value, statistic = unname(test$statistic),
       effect = cohens_d(x$after, x$before, paired = TRUE)$Cohens_d)
}
grades <- table_of(2, 5, 3, 0,  1, 6, 8, 2,  0, 2, 7, 4,  0, 0, 1, 1)
case("paired_t", "grades", "Welch's t on the same pairs; d over the pooled deviation",
     list(transitions = grades, scores = I(c(6, 7, 8, 9))),
     paired(transitions, scores), "effectsize")
case("paired_t", "two pairs", "the normal distribution where t has 1 degree of freedom",
     list(transitions = table_of(0, 1, 1, 0, 0, 0, 0, 0, 0), scores = I(c(0, 1, 2))),
     paired(transitions, scores), "effectsize")

welch <- function(before_counts, after_counts, scores) {
  before <- answers_of(before_counts, scores)
  after <- answers_of(after_counts, scores)
  test <- t.test(after, before)
  list(p = test$p.value, statistic = unname(test$statistic),
       effect = suppressWarnings(hedges_g(after, before))$Hedges_g)
}
case("welch_t", "unequal spread", "Student's t, with a pooled variance and n - 2",
     list(before_counts = I(c(5, 9, 7, 6, 8)), after_counts = I(c(0, 3, 12, 4, 0)),
          scores = I(c(5, 6, 7, 8, 9))),
     welch(before_counts, after_counts, scores), "effectsize")
case("welch_t", "one wave without spread", "refusing the test, or dividing by 0",
     list(before_counts = I(c(0, 4, 0)), after_counts = I(c(0, 3, 3)), scores = I(c(1, 2, 3))),
     welch(before_counts, after_counts, scores), "effectsize")
case("welch_t", "two against three", "the approximate correction 1 - 3/(4df - 1) of g",
     list(before_counts = I(c(1, 1, 0)), after_counts = I(c(0, 1, 2)), scores = I(c(1, 2, 3))),
     welch(before_counts, after_counts, scores), "effectsize")

p_values <- I(c(0.01, NA, 0.04, 0.03, NA, 0.005, 0.8))
case("holm", "with missing p values", "counting a missing p value as a hypothesis",
     list(p_values = p_values), p.adjust(p_values, "holm"))
case("benjamini_hochberg", "with missing p values", "counting a missing p value as a hypothesis",
     list(p_values = p_values), p.adjust(p_values, "BH"))

write_cases("significance.json")
