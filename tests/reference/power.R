# Expected values for tests/analysis/test_power.py. Run from this directory:
#   Rscript power.R
source("cases.R")

midp <- function(up, down) {
  if (up == down) return(1)
  binom.test(up, up + down)$p.value - dbinom(up, up + down, 0.5)
}

# Brute force: every outcome (up, down) of n pairs, with its trinomial probability.
outcomes <- function(n, alpha) {
  grid <- subset(expand.grid(up = 0:n, down = 0:n), up + down <= n)
  grid$star <- mapply(midp, grid$up, grid$down) < alpha
  grid
}
trinomial_power <- function(grid, n, discordance, change) {
  p_up <- (discordance + change) / 2
  p_down <- (discordance - change) / 2
  hit <- grid[grid$star, ]
  if (nrow(hit) == 0) return(0)
  sum(mapply(function(u, d) dmultinom(c(u, d, n - u - d), prob = c(p_up, p_down, 1 - discordance)),
             hit$up, hit$down))
}
mcnemar <- function(n, discordance, change, alpha = 0.05) {
  trinomial_power(outcomes(n, alpha), n, discordance, change)
}
case("mcnemar_power", "12 pairs", "the power of the exact conditional test",
     list(n = 12, discordance = 0.6, change = 0.5), mcnemar(n, discordance, change))
case("mcnemar_power", "42 pairs", "an asymptotic power",
     list(n = 42, discordance = 0.3, change = 0.2), mcnemar(n, discordance, change))
case("mcnemar_power", "a fall", "counting only rises",
     list(n = 42, discordance = 0.3, change = -0.2), mcnemar(n, discordance, change))
case("mcnemar_power", "no change", "the nominal size, .05",
     list(n = 42, discordance = 0.3, change = 0), mcnemar(n, discordance, change))
case("mcnemar_power", "all pairs rise", "a probability outside [0, 1]",
     list(n = 5, discordance = 1, change = 1), mcnemar(n, discordance, change))
case("mcnemar_power", "one pair", "a star that one pair cannot give",
     list(n = 1, discordance = 1, change = 1), mcnemar(n, discordance, change))
case("mcnemar_power", "another alpha", "the 5% level whatever was asked",
     list(n = 30, discordance = 0.4, change = 0.3, alpha = 0.01),
     mcnemar(n, discordance, change, alpha))

mcnemar_change <- function(n, discordance, power = 0.8, alpha = 0.05) {
  grid <- outcomes(n, alpha)
  excess <- function(change) trinomial_power(grid, n, discordance, change) - power
  if (excess(discordance) < 0) return(NA)
  uniroot(excess, c(0, discordance), tol = 1e-10)$root
}
case("mcnemar_detectable_change", "42 pairs", "Connor's asymptotic 23.0 points",
     list(n = 42, discordance = 0.3), mcnemar_change(n, discordance))
case("mcnemar_detectable_change", "51 pairs", "Connor's asymptotic 21.0 points",
     list(n = 51, discordance = 0.3), mcnemar_change(n, discordance))
case("mcnemar_detectable_change", "78 pairs", "Connor's asymptotic 17.1 points",
     list(n = 78, discordance = 0.3), mcnemar_change(n, discordance))
case("mcnemar_detectable_change", "too few changes", "a change above the discordance",
     list(n = 42, discordance = 0.1), mcnemar_change(n, discordance))

# Base R; strict = TRUE counts both tails.
t_change <- function(n, sd, type, power = 0.8, alpha = 0.05) {
  power.t.test(n, sd = sd, sig.level = alpha, power = power, type = type, strict = TRUE,
               tol = 1e-12)$delta
}
case("detectable_mean_change", "42 pairs", "the normal approximation, 0.519",
     list(n = 42, sd_difference = 1.2), t_change(n, sd_difference, "paired"))
case("detectable_mean_change", "three pairs", "NaN of a noncentral t with few degrees of freedom",
     list(n = 3, sd_difference = 1, power = 0.9, alpha = 0.01),
     t_change(n, sd_difference, "paired", power, alpha))
# The noncentral t itself: power.t.test does not reach the large change that two pairs need.
noncentrality <- function(df, power = 0.8, alpha = 0.05) {
  critical <- qt(1 - alpha / 2, df)
  excess <- function(shift) {
    pt(critical, df, shift, lower.tail = FALSE) + pt(-critical, df, shift) - power
  }
  uniroot(excess, c(0, 37), tol = 1e-12)$root
}
case("detectable_mean_change", "two pairs", "no answer with 1 degree of freedom",
     list(n = 2, sd_difference = 1),
     suppressWarnings(noncentrality(n - 1)) * sd_difference / sqrt(n))
case("detectable_score_change", "42 pairs", "the efficiency on the wrong side: less than for t",
     list(n = 42, sd_difference = 1.2), t_change(n, sd_difference, "paired") / sqrt(3 / pi))

case("detectable_mean_change_independent", "equal waves", "the paired formula",
     list(n_before = 40, n_after = 40, sd_before = 1.1, sd_after = 1.1),
     t_change(n_before, sd_before, "two.sample"))
welch_change <- function(n_before, n_after, sd_before, sd_after) {
  parts <- c(sd_before^2 / n_before, sd_after^2 / n_after)
  df <- sum(parts)^2 / sum(parts^2 / (c(n_before, n_after) - 1))
  noncentrality(df) * sqrt(sum(parts))
}
case("detectable_mean_change_independent", "unequal waves", "a pooled deviation",
     list(n_before = 42, n_after = 51, sd_before = 1.4, sd_after = 0.8),
     welch_change(n_before, n_after, sd_before, sd_after))
case("detectable_score_change_independent", "unequal waves", "the efficiency forgotten",
     list(n_before = 42, n_after = 51, sd_before = 1.4, sd_after = 0.8),
     welch_change(n_before, n_after, sd_before, sd_after) / sqrt(3 / pi))

# Brute force with fisher.test on every table.
fisher_star <- function(n_before, n_after, alpha) {
  outer(0:n_before, 0:n_after, Vectorize(function(x, y) {
    fisher.test(rbind(c(x, n_before - x), c(y, n_after - y)))$p.value < alpha
  }))
}
fisher_power_of <- function(star, n_before, n_after, p_before, p_after) {
  sum(star * outer(dbinom(0:n_before, n_before, p_before), dbinom(0:n_after, n_after, p_after)))
}
case("fisher_power", "20 and 25", "the normal approximation",
     list(n_before = 20, n_after = 25, p_before = 0.3, p_after = 0.7),
     fisher_power_of(fisher_star(n_before, n_after, 0.05), n_before, n_after, p_before, p_after))
case("fisher_power", "equal waves, no change", "the nominal size, .05",
     list(n_before = 18, n_after = 18, p_before = 0.5, p_after = 0.5),
     fisher_power_of(fisher_star(n_before, n_after, 0.05), n_before, n_after, p_before, p_after))
fisher_change <- function(n_before, n_after, p_before) {
  star <- fisher_star(n_before, n_after, 0.05)
  direction <- if (p_before <= 0.5) 1 else -1
  excess <- function(change) {
    fisher_power_of(star, n_before, n_after, p_before, p_before + direction * change) - 0.8
  }
  uniroot(excess, c(0, max(p_before, 1 - p_before)), tol = 1e-10)$root
}
case("detectable_proportion_change_independent", "a rise", "the arcsine approximation",
     list(n_before = 42, n_after = 51, p_before = 0.3),
     fisher_change(n_before, n_after, p_before))
case("detectable_proportion_change_independent", "a fall", "a rise beyond 100%",
     list(n_before = 42, n_after = 51, p_before = 0.88),
     fisher_change(n_before, n_after, p_before))

write_cases("power.json")
