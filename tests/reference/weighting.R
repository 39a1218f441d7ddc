# Expected values for tests/analysis/test_weighting.py. Run from this directory:
#   Rscript weighting.R
source("cases.R")
suppressPackageStartupMessages(library(survey))

# One row per respondent, from counts per cell (rows) and code (columns); NA without a valid answer.
respondents_of <- function(counts, scores, left_out, ...) {
  cells <- data.frame(cell = seq_len(nrow(counts)) - 1, ...)
  answers <- cbind(counts, left_out)
  place <- rep(seq_along(answers), answers)
  data.frame(cells[row(answers)[place], , drop = FALSE],
             score = c(scores, NA)[col(answers)[place]], row.names = NULL)
}

# The same weights per cell as in Python: mean 1 over all respondents, 0 for a cell without any.
weights_of <- function(design, respondents) {
  cells <- factor(design$variables$cell, seq_along(respondents) - 1)
  weight <- tapply(weights(design), cells, mean) * sum(respondents) / sum(weights(design))
  as.vector(ifelse(is.na(weight), 0, weight))
}

design_of <- function(rows) svydesign(ids = ~1, data = rows, weights = ~1)

# survey refuses respondents whose cell has no population. They are dropped first.
stratified <- function(rows, per_cell) {
  kept <- which(per_cell > 0) - 1
  design <- design_of(rows[rows$cell %in% kept, ])
  totals <- data.frame(cell = kept, Freq = per_cell[per_cell > 0] / sum(per_cell) * 1000)
  postStratify(design, ~cell, totals)
}

# survey counts a sweep over both margins as a round; its tolerance is a share of the population.
raked <- function(rows, row_totals, column_totals) {
  kept_rows <- which(row_totals > 0) - 1
  kept_columns <- which(column_totals > 0) - 1
  rows <- rows[rows$row %in% kept_rows & rows$column %in% kept_columns, ]
  rake(design_of(rows), list(~row, ~column),
       list(data.frame(row = kept_rows, Freq = row_totals[kept_rows + 1]),
            data.frame(column = kept_columns, Freq = column_totals[kept_columns + 1])),
       control = list(maxit = 500, epsilon = 1e-13))
}

# The same weights by another road: generalised raking, and its exact regression residuals.
calibrated <- function(rows, row_totals, column_totals) {
  rows$row <- factor(rows$row)
  rows$column <- factor(rows$column)
  design <- design_of(rows)
  totals <- c(sum(row_totals), row_totals[-1], column_totals[-1])
  names(totals) <- colnames(model.matrix(~row + column, rows))
  calibrate(design, ~row + column, totals, calfun = "raking", epsilon = 1e-12, maxit = 200)
}

# Of `regions`, the valid answers are known: svydesign(fpc =) would also count who left it blank.
mean_of <- function(design, level = 0.95, regions = Inf) {
  estimate <- svymean(~score, design, na.rm = TRUE)
  df <- degf(subset(design, !is.na(score)))
  value <- as.vector(coef(estimate))
  se <- as.vector(SE(estimate)) * sqrt(1 - (df + 1) / regions)
  half <- qt((1 + level) / 2, df) * se
  list(value = value, se = se, df = df, low = value - half, high = value + half)
}

# Satterthwaite's degrees of freedom for two independent designs.
difference_of <- function(before, after) {
  waves <- lapply(list(before, after), mean_of)
  variances <- sapply(waves, function(wave) wave$se^2)
  df <- sum(variances)^2 / sum(variances^2 / sapply(waves, function(wave) wave$df))
  se <- sqrt(sum(variances))
  difference <- waves[[2]]$value - waves[[1]]$value
  half <- qt(0.975, df) * se
  list(difference = difference, se = se, df = df, statistic = difference / se,
       p = 2 * pt(-abs(difference / se), df), low = difference - half, high = difference + half)
}

change_of <- function(design) {
  wave <- mean_of(design)
  t <- wave$value / wave$se
  list(difference = wave$value, se = wave$se, df = wave$df, statistic = t,
       p = 2 * pt(-abs(t), wave$df), low = wave$low, high = wave$high)
}

# --- Weights

cells_of <- function(respondents) {
  data.frame(cell = rep(seq_along(respondents) - 1, respondents), score = 0)
}
case("post_stratify", "three provinces", "the inverse weight, share of respondents over population",
     list(respondents = c(10, 5, 3), population = c(100, 100, 50)),
     weights_of(stratified(cells_of(respondents), population), respondents), "survey")
case("post_stratify", "a cell outside the population", "NaN, or a weight for an empty cell",
     list(respondents = c(4, 2, 0, 6), population = c(30, 0, 0, 18)),
     weights_of(stratified(cells_of(respondents), population), respondents), "survey")

grid_of <- function(respondents) {
  place <- rep(seq_along(respondents), respondents)
  # Numbered by row, as NumPy flattens.
  data.frame(cell = (row(respondents)[place] - 1) * ncol(respondents) + col(respondents)[place] - 1,
             row = row(respondents)[place] - 1, column = col(respondents)[place] - 1, score = 0)
}
as_grid <- function(weights, respondents) matrix(weights, nrow(respondents), byrow = TRUE)
rake_case <- function(name, guards, respondents, row_totals, column_totals) {
  case("rake", name, guards,
       list(respondents = respondents, row_totals = row_totals, column_totals = column_totals),
       as_grid(weights_of(raked(grid_of(respondents), row_totals, column_totals),
                          respondents), respondents), "survey")
}
rake_case("two by three", "post-stratification on one margin only",
          rbind(c(5, 3, 2), c(4, 6, 1)), c(40, 60), c(30, 50, 20))
rake_case("a cell without respondents", "a weight for nobody, or a division by 0",
          rbind(c(5, 0, 2), c(4, 6, 1), c(1, 2, 3)), c(30, 40, 30), c(30, 45, 25))
rake_case("a category outside the population", "NaN of 0/0",
          rbind(c(5, 3, 2), c(4, 6, 1), c(1, 2, 3)), c(40, 0, 60), c(30, 50, 20))

kish <- function(respondents, weights) {
  w <- rep(weights, respondents)
  1 / sum((w / sum(w))^2)
}
case("effective_n", "unequal weights", "n itself, 18",
     list(respondents = c(10, 5, 3), weights = c(0.72, 1.44, 1.2)), kish(respondents, weights))
case("effective_n", "a weight of 0", "counting who has no weight: 12",
     list(respondents = c(4, 2, 0, 6), weights = c(1.5, 0, 0, 0.75)), kish(respondents, weights))

# --- Means, after post-stratification

# Cells by codes; the scale runs from 1.
answers <- rbind(c(1, 3, 4, 2), c(0, 2, 2, 1), c(2, 0, 1, 0), c(0, 1, 3, 2))
per_cell <- c(14, 22, 9, 33)
none <- c(0, 0, 0, 0)
stratified_case <- function(name, guards, counts, scores, population, left_out) {
  case("post_stratified_mean", name, guards,
       list(counts = counts, scores = scores, population = I(population), left_out = I(left_out)),
       mean_of(stratified(respondents_of(counts, scores, left_out), population)), "survey")
}
stratified_case("four cells", "the se that ignores the weighting", answers, 1:4, per_cell, none)
stratified_case("an item with missing answers",
                "taking who did not answer out of the weighting (another se)",
                answers, 1:4, per_cell, c(1, 0, 4, 2))
stratified_case("a proportion", "the binomial se", cbind(answers[, 1] + answers[, 2],
                answers[, 3] + answers[, 4]), c(0, 1), per_cell, c(0, 1, 0, 0))
stratified_case("one cell", "the divisor n instead of n - 1",
                rbind(c(2, 5, 6, 1)), 1:4, 40, 0)
stratified_case("one cell, with missing answers", "n/(n - 1) over the valid answers only",
                rbind(c(2, 5, 6, 1)), 1:4, 40, 5)
stratified_case("a cell with one respondent", "NaN of a variance of one",
                rbind(c(0, 0, 1, 0), c(3, 2, 2, 1), c(1, 0, 4, 2)), 1:4, c(5, 20, 14), c(0, 0, 1))
stratified_case("a cell where nobody gave a valid answer", "a cell mean of nothing",
                rbind(c(0, 0, 0, 0), c(3, 2, 2, 1), c(1, 0, 4, 2)), 1:4, c(5, 20, 14), c(3, 0, 1))
stratified_case("a cell outside the population", "counting its respondents in n or df",
                answers, 1:4, c(14, 0, 9, 33), c(1, 2, 0, 0))
stratified_case("an empty cell", "a division by 0",
                rbind(answers, 0), 1:4, c(per_cell, 0), c(none, 0))
stratified_case("everyone the same answer", "a se of rounding errors",
                cbind(c(3, 4), c(0, 0)), c(0, 1), c(5, 20), c(1, 0))
stratified_case("large counts", "rounding errors that grow",
                answers * 1000, 1:4, per_cell, c(900, 0, 0, 50))
case("post_stratified_mean", "of a finite population", "the se without sqrt(1 - f)",
     list(counts = answers, scores = 1:4, population = per_cell, left_out = c(1, 0, 0, 1),
          regions = 78, level = 0.9),
     mean_of(stratified(respondents_of(counts, scores, left_out), population), level, regions),
     "survey")

# --- Means, after raking. `rows` and `columns` hold the categories of every cell.

rows <- c(0, 0, 0, 1, 1, 1)
columns <- c(0, 1, 2, 0, 1, 2)
grid <- rbind(c(1, 3, 2), c(2, 2, 1), c(0, 1, 3), c(4, 1, 1), c(2, 3, 4), c(1, 0, 2))
raked_case <- function(name, guards, counts, scores, left_out, row_totals, column_totals,
                       rows = get("rows", globalenv()), columns = get("columns", globalenv())) {
  case("raked_mean", name, guards,
       list(counts = counts, scores = scores, left_out = left_out, rows = rows, columns = columns,
            row_totals = row_totals, column_totals = column_totals),
       mean_of(raked(respondents_of(counts, scores, left_out, row = rows, column = columns),
                     row_totals, column_totals)), "survey")
}
raked_case("two by three", "residuals off the cells instead of the margins",
           grid, 1:3, rep(0, 6), c(40, 60), c(30, 50, 20))
raked_case("an item with missing answers", "taking who did not answer out of the raking",
           grid, 1:3, c(2, 0, 1, 0, 3, 0), c(40, 60), c(30, 50, 20))
raked_case("an empty cell", "a division by 0",
           rbind(grid[1, ], 0, grid[3:6, ]), 1:3, c(0, 0, 2, 1, 0, 0), c(40, 60), c(35, 35, 30))
raked_case("a row outside the population", "counting its respondents in n or df",
           rbind(grid, c(2, 0, 1), c(0, 1, 0), c(1, 1, 1)), 1:3, rep(c(0, 1, 0), 3),
           c(40, 60, 0), c(30, 50, 20), c(rows, 2, 2, 2), c(columns, 0, 1, 2))
case("raked_mean", "by generalised raking", "residuals that have not converged",
     list(counts = grid, scores = c(0, 0, 1), left_out = c(2, 0, 1, 0, 3, 0), rows = rows,
          columns = columns, row_totals = c(40, 60), column_totals = c(30, 50, 20)),
     mean_of(calibrated(respondents_of(counts, scores, left_out, row = rows, column = columns),
                        row_totals, column_totals)), "survey")

# --- Changes

case("post_stratified_difference", "independent waves", "pooled degrees of freedom",
     list(before = answers, scores = 1:4, population = per_cell,
          after = rbind(c(0, 1, 4, 4), c(1, 1, 2, 2), c(0, 1, 0, 2), c(1, 0, 3, 5))),
     difference_of(stratified(respondents_of(before, scores, none), population),
                   stratified(respondents_of(after, scores, none), population)), "survey")
# Two cells, each with its table of transitions on three points flattened by row.
case("post_stratified_change", "pairs", "the test for independent waves",
     list(counts = rbind(c(2, 1, 0, 1, 3, 4, 0, 1, 2), c(1, 2, 1, 0, 2, 1, 0, 0, 1)),
          scores = c(0, 1, 2, -1, 0, 1, -2, -1, 0), population = c(20, 50), left_out = c(3, 1)),
     change_of(stratified(respondents_of(counts, scores, left_out), population)), "survey")

write_cases("weighting.json")
