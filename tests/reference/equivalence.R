# Expected values for tests/analysis/test_equivalence.py. Run from this directory:
#   Rscript equivalence.R
source("cases.R")

larger <- function(above, below) {
  list(p = max(above$p, below$p), statistic = if (above$p >= below$p) above$z else below$z)
}

# Tango's score with the restricted maximum likelihood estimate by root finding in the slope of the
# likelihood (Python uses the closed form).
tango_score <- function(up, down, n, delta) {
  slope <- function(q) {
    part <- function(count, p) if (count == 0) 0 else count / p
    part(up, q + delta) + part(down, q) - 2 * part(n - up - down, 1 - 2 * q - delta)
  }
  low <- max(0, -delta)
  high <- (1 - delta) / 2
  step <- (high - low) * 1e-13
  q <- if (slope(low + step) <= 0) {
    low
  } else if (slope(high - step) >= 0) {
    high
  } else {
    uniroot(slope, c(low + step, high - step), tol = 1e-15)$root
  }
  (up - down - n * delta) / sqrt(n * (2 * q + delta * (1 - delta)))
}
tost_tango <- function(both, up, down, neither, margin) {
  n <- both + up + down + neither
  above <- tango_score(up, down, n, -margin)
  below <- tango_score(up, down, n, margin)
  larger(list(z = above, p = pnorm(above, lower.tail = FALSE)), list(z = below, p = pnorm(below)))
}
tango_case <- function(name, guards, both, up, down, neither, margin) {
  case("tost_paired_proportions", name, guards,
       list(both = both, up = up, down = down, neither = neither, margin = margin),
       tost_tango(both, up, down, neither, margin))
}
tango_case("inside", "a two-sided p", 25, 2, 3, 12, 0.15)
tango_case("not shown", "the smaller of the two p values", 25, 4, 5, 8, 0.1)
tango_case("on the margin", "a p other than .5", 4, 3, 1, 2, 0.2)
tango_case("far outside", "a p below .5", 2, 20, 1, 5, 0.1)
tango_case("no change", "the Wald error of 0", 30, 0, 0, 12, 0.1)
tango_case("all pairs rise", "an error", 0, 9, 0, 0, 0.1)
tango_case("all discordant", "an error", 0, 6, 5, 0, 0.3)
tango_case("one pair", "equivalence from one pair", 1, 0, 0, 0, 0.5)

# The level at which a limit of the Newcombe interval equals the margin, by root finding in p on
# R's own Wilson intervals (Python finds the normal deviate).
tost_newcombe <- function(before_yes, before_n, after_yes, after_n, margin) {
  change <- after_yes / after_n - before_yes / before_n
  wilson <- function(x, n, level) {
    abs(as.numeric(suppressWarnings(prop.test(x, n, correct = FALSE, conf.level = level))$conf.int)
        - x / n)
  }
  limit <- function(p, side) {
    before <- wilson(before_yes, before_n, 1 - 2 * p)
    after <- wilson(after_yes, after_n, 1 - 2 * p)
    if (side < 0) change - sqrt(after[1]^2 + before[2]^2)
    else change + sqrt(after[2]^2 + before[1]^2)
  }
  # The tail beyond delta: below .5 when delta lies on that side of the change.
  tail <- function(delta, side) {
    at <- if (sign(delta - change) == side) side else -side
    p <- uniroot(function(p) limit(p, at) - delta, c(1e-12, 0.5 - 1e-12), tol = 1e-16)$root
    if (at == side) p else 1 - p
  }
  above <- tail(-margin, -1)
  below <- tail(margin, 1)
  larger(list(z = -qnorm(above), p = above), list(z = qnorm(below), p = below))
}
newcombe_case <- function(name, guards, before_yes, before_n, after_yes, after_n, margin) {
  case("tost_proportions", name, guards,
       list(before_yes = before_yes, before_n = before_n, after_yes = after_yes,
            after_n = after_n, margin = margin),
       tost_newcombe(before_yes, before_n, after_yes, after_n, margin))
}
newcombe_case("inside", "a two-sided p", 40, 60, 37, 55, 0.2)
newcombe_case("not shown", "the smaller of the two p values", 31, 42, 30, 42, 0.1)
newcombe_case("outside", "a p below .5", 31, 42, 39, 42, 0.1)
newcombe_case("everyone yes twice", "the Wald error of 0", 30, 30, 25, 25, 0.1)
newcombe_case("one against one", "equivalence from one answer each", 1, 1, 1, 1, 0.3)

two_tests <- function(after, before, margin, paired) {
  side <- function(alternative, mu) {
    test <- t.test(after, before, paired = paired, mu = mu, alternative = alternative)
    list(z = unname(test$statistic), p = test$p.value)
  }
  larger(side("greater", -margin), side("less", margin))
}
grades <- table_of(2, 5, 3, 0,  1, 6, 8, 2,  0, 2, 7, 4,  0, 0, 1, 1)
paired <- function(transitions, margin, scores) {
  x <- pairs_of(transitions, scores)
  two_tests(x$after, x$before, margin, paired = TRUE)
}
case("tost_paired_t", "grades, inside", "a two-sided p",
     list(transitions = grades, margin = 1, scores = I(c(6, 7, 8, 9))),
     paired(transitions, margin, scores))
case("tost_paired_t", "grades, outside", "the smaller of the two p values",
     list(transitions = grades, margin = 0.25, scores = I(c(6, 7, 8, 9))),
     paired(transitions, margin, scores))
case("tost_paired_t", "two pairs", "the normal distribution where t has 1 degree of freedom",
     list(transitions = table_of(0, 1, 1, 0), margin = 0.5, scores = I(c(1, 2))),
     paired(transitions, margin, scores))

welch <- function(before_counts, after_counts, margin, scores) {
  two_tests(answers_of(after_counts, scores), answers_of(before_counts, scores), margin,
            paired = FALSE)
}
case("tost_welch", "unequal spread, inside", "Student's t, with a pooled variance and n - 2",
     list(before_counts = I(c(5, 9, 7, 6, 8)), after_counts = I(c(0, 3, 12, 4, 0)), margin = 1,
          scores = I(c(5, 6, 7, 8, 9))),
     welch(before_counts, after_counts, margin, scores))
case("tost_welch", "one wave without spread", "refusing the test, or dividing by 0",
     list(before_counts = I(c(0, 4, 0)), after_counts = I(c(0, 3, 3)), margin = 1,
          scores = I(c(1, 2, 3))),
     welch(before_counts, after_counts, margin, scores))

write_cases("equivalence.json")
