# Expected values for tests/analysis/test_several_waves.py. Run from this directory:
#   Rscript several_waves.R
source("cases.R")
suppressPackageStartupMessages({
  library(coin)
  library(effectsize)
  library(geepack)
})

patterns_of <- function(k, ...) matrix(c(...), ncol = k, byrow = TRUE)

# One row per answer, from the patterns of a panel; missing answers are left out.
panel_rows <- function(patterns, counts) {
  wide <- patterns[rep(seq_along(counts), counts), , drop = FALSE]
  rows <- data.frame(region = c(row(wide)), wave = c(col(wide)), y = c(wide))
  rows <- rows[!is.na(rows$y), ]
  rows[order(rows$region, rows$wave), ]
}

complete <- function(patterns, counts) {
  wide <- patterns[rep(seq_along(counts), counts), , drop = FALSE]
  wide[stats::complete.cases(wide), , drop = FALSE]
}

# Cochran's Q as the conditional (permutation) chi-square of Mantel-Haenszel type.
cochran <- function(patterns, counts) {
  wide <- complete(patterns, counts)
  rows <- data.frame(region = factor(row(wide)), wave = factor(col(wide)), y = c(wide))
  test <- symmetry_test(y ~ wave | region, data = rows, teststat = "quadratic")
  q <- as.numeric(statistic(test))
  list(statistic = q, p = as.numeric(pvalue(test)), df = ncol(wide) - 1, n = nrow(wide),
       effect = q / (nrow(wide) * (ncol(wide) - 1)))
}
binary <- patterns_of(3, 0, 0, 0,  0, 0, 1,  0, 1, 1,  1, 0, 1,  1, 1, 0,  1, 1, 1,  NA, 1, 1)
case("cochran_q", "panel of 42 in three waves", "counting the unchanged, or those with a gap",
     list(patterns = binary, counts = I(c(9, 8, 7, 3, 2, 13, 5))),
     cochran(patterns, counts), "coin")
case("cochran_q", "four waves, all regions change alike", "a variance of nothing",
     list(patterns = patterns_of(4, 0, 0, 1, 1), counts = I(6)), cochran(patterns, counts), "coin")
case("cochran_q", "one region", "a division by n - 1",
     list(patterns = patterns_of(3, 0, 1, 1), counts = I(1)), cochran(patterns, counts), "coin")
case("cochran_q", "two waves are McNemar without correction", "the continuity correction: .0801",
     list(patterns = patterns_of(2, 0, 0, 0, 1, 1, 0, 1, 1), counts = I(c(10, 7, 1, 24))), {
       test <- mcnemar.test(matrix(c(counts[1], counts[3], counts[2], counts[4]), 2),
                            correct = FALSE)
       list(statistic = unname(test$statistic), p = test$p.value)
     })

fried <- function(patterns, counts) {
  wide <- complete(patterns, counts)
  test <- friedman.test(wide)
  list(statistic = unname(test$statistic), p = test$p.value, df = unname(test$parameter),
       n = nrow(wide),
       effect = suppressWarnings(kendalls_w(wide, ci = NULL, verbose = FALSE))$Kendalls_W)
}
# Hotelling's T squared of the changes between waves, as F.
hotelling <- function(patterns, counts) {
  wide <- complete(patterns, counts)
  changes <- wide[, -1, drop = FALSE] - wide[, 1]
  test <- anova(lm(changes ~ 1), test = "Hotelling-Lawley")
  list(df = test[1, "num Df"], df_error = test[1, "den Df"], p = test[1, "Pr(>F)"],
       n = nrow(wide))
}
grades <- patterns_of(3, 7, 7, 8,  6, 8, 8,  8, 7, 7,  5, 6, 8,  9, 9, 9,  7, 8, 6,  8, NA, 9)
case("repeated_means", "grades of 42 in three waves", "chi-square in place of F",
     list(patterns = grades, counts = I(c(9, 8, 7, 6, 5, 7, 4))), hotelling(patterns, counts))
case("repeated_means", "hardly more regions than waves", "n - k error degrees of freedom",
     list(patterns = patterns_of(4, 6, 7, 7, 9,  5, 5, 8, 7,  8, 6, 9, 9,  7, 7, 6, 8,  6, 9, 7, 8),
          counts = I(c(1, 1, 1, 1, 1))), hotelling(patterns, counts))
case("repeated_means", "two waves are the paired t test", "another df",
     list(patterns = patterns_of(2, 6, 7,  7, 7,  8, 7,  5, 8), counts = I(c(4, 6, 3, 2))), {
       wide <- complete(patterns, counts)
       test <- t.test(wide[, 2], wide[, 1], paired = TRUE)
       list(p = test$p.value, df = 1, df_error = unname(test$parameter))
     })

likert <- patterns_of(3, 3, 4, 5,  4, 4, 4,  5, 4, 5,  2, 3, 3,  1, 2, 5,  4, 3, 2,  3, NA, 4)
case("friedman", "ties within regions", "the statistic without the correction for ties",
     list(patterns = likert, counts = I(c(6, 9, 4, 5, 2, 3, 4))),
     fried(patterns, counts), "effectsize")
case("friedman", "no ties, all regions alike", "a W above 1",
     list(patterns = patterns_of(4, 1, 2, 3, 4), counts = I(5)),
     fried(patterns, counts), "effectsize")

case("cochran_armitage", "rising in four waves", "(N - 1)/N of the statistic",
     list(yes = I(c(12, 15, 22, 30)), n = I(c(40, 38, 42, 45))), {
       test <- prop.trend.test(yes, n)
       slope <- coef(lm(yes / n ~ I(seq_along(n)), weights = n))[[2]]
       list(statistic = unname(test$statistic), p = test$p.value, df = 1, effect = slope,
            n = sum(n))
     })
case("cochran_armitage", "unequal times, falling", "positions where years are given",
     list(yes = I(c(30, 9, 11)), n = I(c(51, 24, 33)), times = I(c(2016, 2021, 2024))), {
       test <- prop.trend.test(yes, n, times)
       slope <- coef(lm(yes / n ~ times, weights = n))[[2]]
       list(statistic = unname(test$statistic), p = test$p.value,
            z = sign(slope) * sqrt(unname(test$statistic)), effect = slope)
     })
case("cochran_armitage", "two waves, from none to all", "a variance within the waves: 0",
     list(yes = I(c(0, 4)), n = I(c(5, 4))), {
       test <- suppressWarnings(prop.trend.test(yes, n))
       list(statistic = unname(test$statistic), p = test$p.value, effect = 1)
     })

waves_of <- function(counts, scores) {
  data.frame(wave = factor(rep(row(counts), counts)), y = scores[rep(col(counts), counts)])
}
kruskal <- function(counts, scores = seq_len(ncol(counts))) {
  rows <- waves_of(counts, scores)
  test <- kruskal.test(y ~ wave, data = rows)
  list(statistic = unname(test$statistic), p = test$p.value, df = unname(test$parameter),
       n = nrow(rows),
       effect = rank_epsilon_squared(y ~ wave, data = rows, ci = NULL)$rank_epsilon_squared)
}
welch <- function(counts, scores = seq_len(ncol(counts))) {
  rows <- waves_of(counts, scores)
  test <- oneway.test(y ~ wave, data = rows)
  f <- unname(test$statistic)
  k <- nrow(counts)
  n <- nrow(rows)
  list(statistic = f, p = test$p.value, df = unname(test$parameter[1]),
       df_error = unname(test$parameter[2]), n = n,
       effect = max(0, (k - 1) * (f - 1) / ((k - 1) * (f - 1) + n)))
}
answers <- patterns_of(5, 2, 6, 14, 15, 5,  1, 4, 9, 19, 9,  0, 2, 8, 15, 20)
case("kruskal_wallis", "three waves on five points", "H without the correction for ties",
     list(counts = answers), kruskal(counts), "effectsize")
case("kruskal_wallis", "scores merge and turn codes", "codes in the order of the columns",
     list(counts = answers, scores = I(c(3, 3, 1, 0, 0))), kruskal(counts, scores), "effectsize")
case("kruskal_wallis", "one answer per wave, no ties", "0/0 in the correction for ties",
     list(counts = diag(3)), kruskal(counts), "effectsize")
case("welch_anova", "three waves, unequal spread", "Fisher's F, with a pooled variance",
     list(counts = patterns_of(5, 5, 9, 7, 6, 8,  0, 3, 12, 4, 0,  1, 2, 9, 9, 6),
          scores = I(c(5, 6, 7, 8, 9))), welch(counts, scores))
case("welch_anova", "two waves are Welch's t", "k - 2 in the denominator of a division",
     list(counts = patterns_of(4, 5, 9, 7, 6,  0, 3, 12, 4)), welch(counts))
case("welch_anova", "two answers per wave, little difference", "a negative omega squared",
     list(counts = patterns_of(3, 1, 1, 0,  1, 0, 1,  1, 1, 0)), welch(counts))

# GEE: fitted by geepack; the covariance written out from Mancl & DeRouen (2001), one region at a
# time and with their matrices in full: V_i over the waves answered, H_i = D_i B^-1 D_i' V_i^-1.
bias_reduced <- function(formula, family, rows) {
  fit <- geeglm(formula, family = family, data = rows, id = region, corstr = "exchangeable",
                control = geese.control(epsilon = 1e-13, maxit = 1000))
  x <- model.matrix(formula, rows)
  mu <- fitted(fit)[, 1]
  alpha <- unname(fit$geese$alpha)
  parts <- lapply(split(seq_len(nrow(rows)), rows$region), function(i) {
    a <- family$variance(mu[i])
    d <- family$mu.eta(family$linkfun(mu[i])) * x[i, , drop = FALSE]
    r <- (1 - alpha) * diag(length(i)) + alpha
    v <- diag(sqrt(a), length(i)) %*% r %*% diag(sqrt(a), length(i))
    list(d = d, inverse = solve(v), e = rows$y[i] - mu[i])
  })
  b <- solve(Reduce(`+`, lapply(parts, function(p) t(p$d) %*% p$inverse %*% p$d)))
  middle <- Reduce(`+`, lapply(parts, function(p) {
    h <- p$d %*% b %*% t(p$d) %*% p$inverse
    s <- t(p$d) %*% p$inverse %*% solve(diag(nrow(h)) - h, p$e)
    s %*% t(s)
  }))
  list(beta = unname(coef(fit)), covariance = unname(b %*% middle %*% b))
}
gee <- function(patterns, counts, family, times = seq_len(ncol(patterns)) - 1) {
  rows <- panel_rows(patterns, counts)
  rows$time <- times[rows$wave] - mean(times)
  family <- get(family)()
  waves <- bias_reduced(y ~ factor(wave), family, rows)
  chi2 <- c(waves$beta[-1] %*% solve(waves$covariance[-1, -1]) %*% waves$beta[-1])
  df <- ncol(patterns) - 1
  trend <- bias_reduced(y ~ time, family, rows)
  error <- sqrt(trend$covariance[2, 2])
  z <- trend$beta[2] / error
  n <- length(unique(rows$region))
  list(waves = list(statistic = chi2, df = df, p = pchisq(chi2, df, lower.tail = FALSE), n = n),
       trend = list(effect = trend$beta[2], error = error, z = z, p = 2 * pnorm(-abs(z)), n = n))
}
gaps <- patterns_of(3, 0, 0, 0,  0, 0, 1,  0, 1, 1,  1, 0, 1,  1, 1, 0,  1, 1, 1,  NA, 1, 1,
                    0, NA, 1,  NA, NA, 1,  0, 0, NA,  1, NA, NA,  0, 1, NA)
case("gee", "binomial, complete", "the sandwich without reduced bias",
     list(patterns = binary[1:6, ], counts = I(c(9, 8, 7, 3, 2, 13)), family = "binomial"),
     gee(patterns, counts, family), "geepack")
case("gee", "binomial, missing waves", "complete regions only; weights that are squared",
     list(patterns = gaps, counts = I(c(9, 8, 7, 3, 2, 13, 5, 4, 3, 6, 2, 3)),
          family = "binomial", times = I(c(2016, 2021, 2024))),
     gee(patterns, counts, family, times), "geepack")
grades <- patterns_of(4, 7, 7, 8, 8,  6, 7, 7, 6,  5, 6, 8, 9,  8, 8, 8, 8,  4, NA, 6, 7,
                      NA, 7, NA, 8,  9, 7, NA, NA,  6, 6, 7, NA,  NA, NA, NA, 5)
case("gee", "gaussian, complete", "a scale in the covariance",
     list(patterns = grades[1:4, ], counts = I(c(6, 5, 3, 8)), family = "gaussian"),
     gee(patterns, counts, family), "geepack")
case("gee", "gaussian, missing waves", "correlation over N - p; one row per pattern",
     list(patterns = grades, counts = I(c(6, 5, 3, 8, 2, 4, 3, 5, 1)), family = "gaussian",
          times = I(c(2012, 2016, 2021, 2024))),
     gee(patterns, counts, family, times), "geepack")
case("gee", "gaussian, few regions", "a covariance without the leverage of each region",
     list(patterns = grades[c(1, 3, 5, 8, 6), ], counts = I(c(1, 1, 1, 2, 1)),
          family = "gaussian"),
     gee(patterns, counts, family), "geepack")

write_cases("several_waves.json")
