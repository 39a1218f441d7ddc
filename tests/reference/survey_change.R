# Expected values for tests/analysis/test_weighted_comparison.py: whole comparisons, from the rows
# of regions in survey_change.csv (made up). Run from this directory:
#   Rscript survey_change.R
source("cases.R")
suppressPackageStartupMessages(library(survey))

# All regions of the register. An answer is empty where a region gave none, or did not take part.
regions <- read.csv("survey_change.csv", colClasses = c(region = "character"))

took_part <- function(wave) regions[[paste0("in_", wave)]] == 1

# What a measure is worth per region: the top two of five answers, the position, the grade.
score_of <- function(measure, wave) {
  answer <- regions[[paste0(if (measure == "cijfer") "cijfer_" else "schaal_", wave)]]
  if (measure == "top2") as.numeric(answer >= 4) else answer
}

# `rows` weighted to all regions of the register.
weigh <- function(rows, attributes, scheme) {
  design <- svydesign(ids = ~1, data = rows, weights = ~1)
  if (scheme == "poststratify" || length(attributes) == 1) {
    return(postStratify(design, reformulate(attributes), as.data.frame(table(regions[attributes]))))
  }
  rake(design, lapply(attributes, reformulate),
       lapply(attributes, function(name) as.data.frame(table(regions[name]))),
       control = list(maxit = 500, epsilon = 1e-13))
}

kish <- function(design, counted) {
  w <- weights(design)[counted]
  sum(w)^2 / sum(w^2)
}

mean_of <- function(design) {
  valid <- !is.na(design$variables$score)
  estimate <- svymean(~score, design, na.rm = TRUE)
  list(value = as.vector(coef(estimate)), se = as.vector(SE(estimate)),
       df = degf(subset(design, valid)), n = sum(valid), effective_n = kish(design, valid))
}

test_of <- function(change, se, df) {
  half <- qt(0.975, df) * se
  list(change = change, statistic = change / se, p = 2 * pt(-abs(change / se), df),
       ci_low = change - half, ci_high = change + half)
}

paired <- function(measure, attributes, scheme) {
  rows <- regions
  rows$before <- score_of(measure, 2021)
  rows$after <- score_of(measure, 2024)
  rows$score <- rows$after - rows$before
  design <- weigh(rows[took_part(2021) & took_part(2024), ], attributes, scheme)
  pairs <- subset(design, !is.na(score))
  change <- mean_of(design)
  c(test_of(change$value, change$se, change$df),
    list(value_before = as.vector(coef(svymean(~before, pairs, na.rm = TRUE))),
         value_after = as.vector(coef(svymean(~after, pairs, na.rm = TRUE))),
         n_pairs = change$n, effective_n = change$effective_n))
}

independent <- function(measure, attributes, scheme) {
  waves <- lapply(c(2021, 2024), function(wave) {
    rows <- regions
    rows$score <- score_of(measure, wave)
    mean_of(weigh(rows[took_part(wave), ], attributes, scheme))
  })
  before <- waves[[1]]
  after <- waves[[2]]
  variance <- before$se^2 + after$se^2
  df <- variance^2 / (before$se^4 / before$df + after$se^4 / after$df)
  c(test_of(after$value - before$value, sqrt(variance), df),
    list(value_before = before$value, value_after = after$value,
         n_before = before$n, n_after = after$n,
         effective_n_before = before$effective_n, effective_n_after = after$effective_n))
}

# Of the `population` the valid answers are known, and no others.
level <- function(measure, attributes, scheme, wave, population = Inf) {
  rows <- regions
  rows$score <- score_of(measure, wave)
  found <- mean_of(weigh(rows[took_part(wave), ], attributes, scheme))
  half <- qt(0.975, found$df) * found$se * sqrt(1 - found$n / population)
  list(value = found$value, ci_low = found$value - half, ci_high = found$value + half,
       n = found$n, effective_n = found$effective_n)
}

schemes <- list(
  list("one attribute", "streek", "rake"),
  list("raked", c("streek", "grootte"), "rake"),
  list("crossed", c("streek", "grootte"), "poststratify")
)
for (measure in c("top2", "schaal", "cijfer")) {
  for (scheme in schemes) {
    input <- list(measure = measure, attributes = I(scheme[[2]]), scheme = scheme[[3]])
    name <- paste0(measure, ", ", scheme[[1]])
    case("paired", name, "weights over all answers instead of over who answered twice", input,
         paired(measure, attributes, scheme), "survey")
    case("independent", name, "pooled degrees of freedom, or weights of the pairs", input,
         independent(measure, attributes, scheme), "survey")
    if (measure == "schaal") next # a scale has no level as a whole
    case("level", name, "leaving who skipped the question out of the weighting",
         c(input, wave = "2024"), level(measure, attributes, scheme, wave), "survey")
    case("level", paste0(name, ", of all regions"), "the se without sqrt(1 - f)",
         c(input, wave = "2024", population = 44),
         level(measure, attributes, scheme, wave, population), "survey")
  }
}

write_cases("survey_change.json")
