# Expected values for tests/analysis/test_heterogeneity.py and test_subgroups.py. Run from this
# directory:
#   Rscript heterogeneity.R
source("cases.R")
suppressPackageStartupMessages(library(metafor))

# With variances that are known (very many degrees of freedom) the statistic is that of a
# meta-analysis with a common effect, over groups - 1: the groups are its studies.
known_variances <- function(changes, variances) {
  fit <- rma(yi = changes, vi = variances, method = "FE")
  list(f = fit$QE / (fit$k - 1), df = fit$k - 1, p = fit$QEp)
}

known_case <- function(name, guards, changes, variances) {
  case("heterogeneity", name, guards,
       list(changes = changes, variances = variances, dfs = rep(1e15, length(changes))),
       known_variances(changes, variances), "metafor")
}
known_case("two groups", "df of two", c(0.10, 0.35), c(0.01, 0.02))
known_case("three groups", "an unweighted mean change",
           c(0.2, -0.1, 0.05), c(0.01, 0.04, 0.002))
known_case("twelve groups", "df of the number of regions",
           c(0.1, 0.2, 0, -0.1, 0.3, 0.15, 0.05, 0.12, -0.2, 0.4, 0.1, 0.1),
           c(1, 2, 3, 1, 2, 3, 4, 1, 5, 6, 1, 2) / 200)
known_case("one group that weighs most", "weights by the error, not by the variance",
           c(0.5, 0.1, -0.4), c(1e-6, 0.3, 0.2))
known_case("far apart", "1 minus the distribution: 0", c(-0.3, 0.2), c(0.0004, 0.0005))
known_case("nearly alike", "p of exactly 1, as for equal changes",
           c(0.2, 0.2000001, 0.2), c(0.01, 0.03, 0.02))

# Of one sample per group it is Welch's test: here with samples of just these means and variances.
one_sample <- function(changes, variances, dfs) {
  samples <- Map(function(mean, variance, df) {
    mean + as.vector(scale(seq_len(df + 1)^2)) * sqrt(variance * (df + 1))
  }, changes, variances, dfs)
  welch_of(samples)
}
welch_of <- function(samples) {
  group <- factor(rep(seq_along(samples), lengths(samples)))
  found <- oneway.test(unlist(samples) ~ group, var.equal = FALSE)
  list(f = found$statistic[[1]], df = found$parameter[[1]], df_error = found$parameter[[2]],
       p = found$p.value)
}

welch_case <- function(name, guards, changes, variances, dfs) {
  case("heterogeneity", name, guards,
       list(changes = changes, variances = variances, dfs = dfs),
       one_sample(changes, variances, dfs))
}
welch_case("two small groups", "variances taken as known", c(0.1, 0.9), c(0.05, 0.09), c(4, 7))
welch_case("three groups of one sample", "no factor 2(k - 2)/(k^2 - 1)",
           c(0.5, -0.4, 0.2), c(0.02, 0.10, 0.04), c(9, 11, 13))
welch_case("twelve small groups", "the error's degrees of freedom as n - k",
           c(0.1, 0.2, 0, -0.1, 0.3, 0.15, 0.05, 0.12, -0.2, 0.4, 0.1, 0.1),
           c(1, 2, 3, 1, 2, 3, 4, 1, 5, 6, 1, 2) / 200, c(2, 3, 4, 5, 2, 3, 4, 5, 2, 3, 4, 5))
welch_case("one group that weighs all", "shares of the variances, not of the weights",
           c(0.5, 0.1, -0.4), c(1e-6, 0.3, 0.2), c(3, 8, 12))
welch_case("far apart for their size", "1 minus the distribution", c(-9, 8, 30),
           c(0.01, 0.02, 0.03), c(20, 30, 40))

# Whole groups: the answers of either wave (rows: groups, columns: codes), as rows of regions. R
# has no test of them; the formulas are written out from Welch (1951), with the standard errors
# and degrees of freedom of R's own t test of two samples (Satterthwaite).
independent_changes <- function(before, after, scores) {
  tests <- lapply(seq_len(nrow(before)), function(i) {
    t.test(answers_of(after[i, ], scores), answers_of(before[i, ], scores))
  })
  d <- sapply(tests, function(t) t$estimate[[1]] - t$estimate[[2]])
  v <- sapply(tests, function(t) t$stderr)^2
  m <- sapply(tests, function(t) t$parameter[[1]])
  k <- length(d)
  w <- 1 / v
  top <- sum(w * (d - weighted.mean(d, w))^2) / (k - 1)
  spread <- sum((1 - w / sum(w))^2 / m)
  f <- top / (1 + 2 * (k - 2) / (k^2 - 1) * spread)
  df_error <- (k^2 - 1) / (3 * spread)
  list(f = f, df = k - 1, df_error = df_error,
       p = pf(f, k - 1, df_error, lower.tail = FALSE))
}
case("independent_changes", "means of three groups", "one variance for all groups",
     list(before = rbind(c(2, 4, 3, 1), c(1, 2, 5, 4), c(3, 3, 1, 1)),
          after = rbind(c(1, 2, 4, 5), c(2, 3, 3, 3), c(0, 2, 4, 2)), scores = 5:8),
     independent_changes(before, after, scores))
case("independent_changes", "proportions of two groups", "the divisor n instead of n - 1",
     list(before = rbind(c(6, 5), c(8, 4)), after = rbind(c(3, 9), c(9, 2)), scores = 0:1),
     independent_changes(before, after, scores))
# The change of two groups is one contrast of four samples, as in a two by two design.
case("independent_changes", "means of two groups of unequal size", "dfs of the smaller sample",
     list(before = rbind(c(4, 1, 0, 7), c(2, 3, 2, 9)),
          after = rbind(c(0, 2, 3, 1), c(12, 3, 3, 3)), scores = 5:8),
     independent_changes(before, after, scores))

write_cases("heterogeneity.json")
