# Expected values for tests/analysis/test_intervals.py. Run from this directory:
#   Rscript intervals.R
source("cases.R")
suppressPackageStartupMessages(library(survey))

limits <- function(x) list(low = as.numeric(x)[1], high = as.numeric(x)[2])
wilson <- function(x, n, level = 0.95) {
  as.numeric(suppressWarnings(prop.test(x, n, correct = FALSE, conf.level = level))$conf.int)
}

case("wilson_interval", "most say yes", "the Wald interval, .783 to .979",
     list(successes = 37, n = 42), limits(wilson(successes, n)))
case("wilson_interval", "nobody", "the Wald interval of width 0",
     list(successes = 0, n = 51), limits(wilson(successes, n)))
case("wilson_interval", "one of one", "a limit above 1",
     list(successes = 1, n = 1), limits(wilson(successes, n)))
case("wilson_interval", "everybody", "an upper limit below 1",
     list(successes = 42, n = 42), limits(wilson(successes, n)))
case("wilson_interval", "none of one", "a limit below 0",
     list(successes = 0, n = 1), limits(wilson(successes, n)))
case("wilson_interval", "level 90%", "the level of 95% whatever was asked",
     list(successes = 37, n = 42, level = 0.9), limits(wilson(successes, n, level)))

# The score equation itself with the variance of sampling without replacement, by root finding:
# no effective sample size here.
wilson_fpc <- function(x, n, population, level = 0.95) {
  p <- x / n
  z <- qnorm(1 - (1 - level) / 2)
  excess <- function(q) {
    (p - q)^2 - z^2 * q * (1 - q) / n * (population - n) / (population - 1)
  }
  root <- function(from, to) uniroot(excess, c(from, to), tol = 1e-14)$root
  hair <- 1e-9 # at 0 of n and n of n the estimate is a root itself
  list(low = if (x == 0) 0 else root(0, p - hair), high = if (x == n) 1 else root(p + hair, 1))
}
case("wilson_interval", "51 of 78", "no correction for the finite population",
     list(successes = 34, n = 51, level = 0.95, population = 78),
     wilson_fpc(successes, n, population, level))
case("wilson_interval", "nobody, 51 of 78", "a factor 1 - n/N in place of (N - n)/(N - 1)",
     list(successes = 0, n = 51, level = 0.95, population = 78),
     wilson_fpc(successes, n, population, level))

case("wilson_interval", "everybody, 51 of 78", "a limit above 1",
     list(successes = 51, n = 51, level = 0.95, population = 78),
     wilson_fpc(successes, n, population, level))
case("wilson_interval", "one of one, of 78", "a correction other than 1 for n = 1",
     list(successes = 1, n = 1, level = 0.95, population = 78),
     wilson_fpc(successes, n, population, level))
case("wilson_interval", "all but one, 77 of 78", "an effective n without N - 1",
     list(successes = 40, n = 77, level = 0.95, population = 78),
     wilson_fpc(successes, n, population, level))
case("wilson_interval", "a census", "a division by N - n",
     list(successes = 40, n = 78, level = 0.95, population = 78),
     limits(rep(successes / population, 2)))

clopper <- function(x, n, level = 0.95) limits(binom.test(x, n, conf.level = level)$conf.int)
clopper_case <- function(name, guards, successes, n, level = 0.95) {
  case("clopper_pearson_interval", name, guards,
       list(successes = successes, n = n, level = level), clopper(successes, n, level))
}
clopper_case("published", "the mid-p interval (contingencytables: .5435 to .9595)", 13, 16)
clopper_case("nobody", "NaN of a beta distribution with a parameter of 0", 0, 10)
clopper_case("everybody", "NaN of a beta distribution with a parameter of 0", 10, 10)
clopper_case("none of one", "a lower limit other than 0", 0, 1)
clopper_case("one of one", "an upper limit other than 1", 1, 1)
clopper_case("level 90%", "the level of 95% whatever was asked", 37, 42, 0.9)

# Every possible number of successes in the population, kept when in neither tail.
hypergeometric <- function(x, n, population, level = 0.95) {
  total <- x:(population - n + x)
  tail <- (1 - level) / 2
  keep <- phyper(x - 1, total, population - total, n, lower.tail = FALSE) > tail &
    phyper(x, total, population - total, n) > tail
  limits(range(total[keep]) / population)
}
case("hypergeometric_interval", "34 of 51, of 78", "the binomial (Clopper-Pearson) interval",
     list(successes = 34, n = 51, population = 78), hypergeometric(successes, n, population))
case("hypergeometric_interval", "nobody", "an upper limit of 0",
     list(successes = 0, n = 51, population = 78), hypergeometric(successes, n, population))
case("hypergeometric_interval", "everybody of a census", "a width other than 0",
     list(successes = 20, n = 20, population = 20), hypergeometric(successes, n, population))
case("hypergeometric_interval", "one of one", "limits beyond what is possible",
     list(successes = 1, n = 1, population = 78), hypergeometric(successes, n, population))
case("hypergeometric_interval", "none of one", "limits beyond what is possible",
     list(successes = 0, n = 1, population = 78), hypergeometric(successes, n, population))
case("hypergeometric_interval", "everybody", "a lower limit of 1",
     list(successes = 51, n = 51, population = 78), hypergeometric(successes, n, population))
case("hypergeometric_interval", "part of a census", "a width other than 0",
     list(successes = 7, n = 20, population = 20), hypergeometric(successes, n, population))
case("hypergeometric_interval", "a population of one", "an empty range of possible numbers",
     list(successes = 1, n = 1, population = 1), hypergeometric(successes, n, population))
case("hypergeometric_interval", "level 90%", "the level of 95% whatever was asked",
     list(successes = 12, n = 42, population = 74, level = 0.9),
     hypergeometric(successes, n, population, level))

# Tango (1998) from its definition: the score statistic, with the maximum likelihood estimate under
# the restriction found by root finding in the score equation (Python uses the closed form).
tango <- function(both, up, down, neither, level = 0.95) {
  n <- both + up + down + neither
  z <- qnorm(1 - (1 - level) / 2)
  estimate <- (up - down) / n
  restricted <- function(delta) {
    low <- max(0, -delta)
    high <- (1 - delta) / 2
    # Derivative of up log(q + delta) + down log(q) + (n - up - down) log(1 - 2q - delta).
    slope <- function(q) {
      part <- function(count, p) if (count == 0) 0 else count / p
      part(up, q + delta) + part(down, q) - 2 * part(n - up - down, 1 - 2 * q - delta)
    }
    step <- (high - low) * 1e-13
    if (slope(low + step) <= 0) return(low)
    if (slope(high - step) >= 0) return(high)
    uniroot(slope, c(low + step, high - step), tol = 1e-15)$root
  }
  excess <- function(delta) {
    q <- restricted(delta)
    abs(up - down - n * delta) - z * sqrt(max(0, n * (2 * q + delta * (1 - delta))))
  }
  # The estimate can be a root itself, so start a hair beside it.
  hair <- 1e-9
  root <- function(from, to) uniroot(excess, c(from, to), tol = 1e-12)$root
  list(low = if (estimate == -1) -1 else root(-1 + hair^1.5, estimate - hair),
       high = if (estimate == 1) 1 else root(estimate + hair, 1 - hair^1.5))
}
tango_case <- function(name, guards, both, up, down, neither, level = 0.95) {
  case("tango_interval", name, guards,
       list(both = both, up = up, down = down, neither = neither, level = level),
       tango(both, up, down, neither, level))
}
tango_case("published", "the Wald interval, .0058 to .1184 (contingencytables: .0054 to .1240)",
           59, 16, 6, 80)
tango_case("few pairs", "the Newcombe interval; the normal interval, .056 to .516", 1, 7, 1, 12)
tango_case("no discordant pairs", "an interval of width 0", 30, 0, 0, 12)
tango_case("all pairs rise", "an error, or a lower limit of 1", 0, 9, 0, 0)
tango_case("all discordant", "a variance estimated as 0", 0, 6, 3, 0)
tango_case("one pair, unchanged", "an error", 1, 0, 0, 0)
tango_case("one pair, falls", "a limit below -1", 0, 0, 1, 0)
tango_case("only rises", "a lower limit of 0", 20, 6, 0, 16)
tango_case("level 90%", "the level of 95% whatever was asked (equivalence tests use 90%)",
           25, 4, 5, 8, 0.9)

newcombe10 <- function(both, up, down, neither, level = 0.95) {
  n <- both + up + down + neither
  p2 <- (both + up) / n
  p1 <- (both + down) / n
  w2 <- wilson(both + up, n, level)
  w1 <- wilson(both + down, n, level)
  margins <- prod(both + up, both + down, neither + up, neither + down)
  cross <- both * neither - up * down
  if (cross > n / 2) cross <- cross - n / 2 else if (cross >= 0) cross <- 0
  phi <- if (margins == 0) 0 else cross / sqrt(margins)
  below <- sqrt((p2 - w2[1])^2 - 2 * phi * (p2 - w2[1]) * (w1[2] - p1) + (w1[2] - p1)^2)
  above <- sqrt((p1 - w1[1])^2 - 2 * phi * (p1 - w1[1]) * (w2[2] - p2) + (w2[2] - p2)^2)
  limits(c(p2 - p1 - below, p2 - p1 + above))
}
newcombe10_case <- function(name, guards, both, up, down, neither, level = 0.95) {
  case("newcombe10_interval", name, guards,
       list(both = both, up = up, down = down, neither = neither, level = level),
       newcombe10(both, up, down, neither, level))
}
newcombe10_case("published", "the Tango interval (contingencytables: .0046 to .1186)",
                59, 16, 6, 80)
newcombe10_case("no discordant pairs", "phi of 1 without the continuity correction", 30, 0, 0, 12)
newcombe10_case("all discordant", "a correction of a negative phi", 0, 6, 3, 0)
newcombe10_case("one pair", "a division by an empty margin", 0, 1, 0, 0)
newcombe10_case("everyone yes twice", "a division by an empty margin", 12, 0, 0, 0)
newcombe10_case("nobody yes twice", "a division by an empty margin", 0, 0, 0, 12)
newcombe10_case("one pair, unchanged", "a width of 0", 1, 0, 0, 0)
newcombe10_case("all pairs rise", "a limit above 1", 0, 9, 0, 0)
newcombe10_case("all pairs fall", "a limit below -1", 0, 0, 9, 0)

# The mid-p limits by root finding in the tail as a sum of probabilities, the exact ones of R.
odds_ratio <- function(up, down, level = 0.95, exact = FALSE) {
  n <- up + down
  root <- function(outcomes) {
    excess <- function(share) {
      sum(dbinom(outcomes, n, share)) - dbinom(up, n, share) / 2 - (1 - level) / 2
    }
    uniroot(excess, c(0, 1), tol = 1e-16)$root
  }
  share <- if (exact) {
    as.numeric(binom.test(up, n, conf.level = level)$conf.int)
  } else {
    c(if (up == 0) 0 else root(up:n), if (down == 0) 1 else root(0:up))
  }
  odds <- share / (1 - share)
  list(estimate = if (down == 0) NA else up / down, low = odds[1],
       high = if (down == 0) NA else odds[2])
}
odds_case <- function(name, guards, up, down, level = 0.95, exact = FALSE) {
  case("conditional_odds_ratio_interval", name, guards,
       list(up = up, down = down, level = level, exact = exact),
       odds_ratio(up, down, level, exact))
}
odds_case("published, mid-p", "the exact interval (contingencytables: 3.4681 to 78.2972)", 25, 2)
odds_case("published, exact", "the mid-p interval (contingencytables: 3.1169 to 108.8892)", 25, 2,
          exact = TRUE)
odds_case("only rises", "an infinite upper limit", 7, 0)
odds_case("only rises, exact", "an infinite upper limit", 7, 0, exact = TRUE)
odds_case("only falls", "a logarithm of 0", 0, 7)
odds_case("only falls, exact", "a logarithm of 0", 0, 7, exact = TRUE)
odds_case("one pair", "an error", 1, 0)
odds_case("as many up as down", "an interval without 1", 5, 5)
odds_case("many pairs", "overflow of a product of factorials", 1200, 1100)
odds_case("level 90%", "the level of 95% whatever was asked", 16, 6, 0.9)

newcombe <- function(before_yes, before_n, after_yes, after_n, level = 0.95) {
  p1 <- before_yes / before_n
  p2 <- after_yes / after_n
  w1 <- wilson(before_yes, before_n, level)
  w2 <- wilson(after_yes, after_n, level)
  limits(c(p2 - p1 - sqrt((p2 - w2[1])^2 + (w1[2] - p1)^2),
           p2 - p1 + sqrt((p1 - w1[1])^2 + (w2[2] - p2)^2)))
}
newcombe_case <- function(name, guards, before_yes, before_n, after_yes, after_n) {
  case("newcombe_interval", name, guards,
       list(before_yes = before_yes, before_n = before_n, after_yes = after_yes,
            after_n = after_n),
       newcombe(before_yes, before_n, after_yes, after_n))
}
newcombe_case("published", "before minus after (Newcombe 1998, 56/70 and 48/80: .0524 to .3339)",
              48, 80, 56, 70)
newcombe_case("nobody, then all", "the Wald interval of width 0", 0, 5, 5, 5)
newcombe_case("everyone yes twice", "the Wald interval of width 0", 9, 9, 4, 4)
newcombe_case("one against one", "limits beyond -1 and 1", 1, 1, 0, 1)
newcombe_case("nobody yes twice", "the Wald interval of width 0", 0, 9, 0, 4)
newcombe_case("one against one, equal", "the Wald interval of width 0", 1, 1, 1, 1)

counts <- I(c(2, 5, 14, 20, 10))
scores <- I(c(5, 6, 7, 8, 9))
case("mean_interval", "grades", "the normal distribution in place of t",
     list(counts = counts, scores = scores),
     limits(t.test(answers_of(counts, scores))$conf.int))
case("mean_interval", "two answers", "the normal distribution in place of t",
     list(counts = I(c(1, 0, 1)), scores = I(c(1, 2, 3)), level = 0.9),
     limits(t.test(answers_of(counts, scores), conf.level = level)$conf.int))
with_fpc <- function(counts, scores, level, population) {
  rows <- data.frame(y = answers_of(counts, scores), N = population)
  design <- svydesign(ids = ~1, data = rows, fpc = ~N)
  limits(confint(svymean(~y, design), level = level, df = degf(design)))
}
case("mean_interval", "grades, 51 of 78", "no correction for the finite population",
     list(counts = counts, scores = scores, level = 0.95, population = 78),
     with_fpc(counts, scores, level, population), "survey")

paired_limits <- function(transitions, scores, level = 0.95) {
  x <- pairs_of(transitions, scores)
  limits(t.test(x$after, x$before, paired = TRUE, conf.level = level)$conf.int)
}
case("mean_difference_interval", "grades", "the interval of two independent means",
     list(transitions = table_of(2, 5, 3, 0,  1, 6, 8, 2,  0, 2, 7, 4,  0, 0, 1, 1),
          scores = I(c(6, 7, 8, 9))),
     paired_limits(transitions, scores))
case("mean_difference_interval", "level 90%", "the level of 95% whatever was asked",
     list(transitions = table_of(0, 1, 1, 0, 2, 0, 0, 0, 0), scores = I(c(0, 1, 3)), level = 0.9),
     paired_limits(transitions, scores, level))

welch_limits <- function(before_counts, after_counts, scores) {
  limits(t.test(answers_of(after_counts, scores), answers_of(before_counts, scores))$conf.int)
}
case("welch_interval", "unequal spread", "the pooled variance of Student's t",
     list(before_counts = I(c(5, 9, 7, 6, 8)), after_counts = I(c(0, 3, 12, 4, 0)),
          scores = I(c(5, 6, 7, 8, 9))),
     welch_limits(before_counts, after_counts, scores))
case("welch_interval", "one wave without spread", "an error, or a division by 0",
     list(before_counts = I(c(0, 4, 0)), after_counts = I(c(0, 3, 3)), scores = I(c(1, 2, 3))),
     welch_limits(before_counts, after_counts, scores))

write_cases("intervals.json")
