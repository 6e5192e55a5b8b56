# Pins exact Poisson intervals, gamma quantiles and Wilson intervals of base R.
library(jsonlite)

rate <- function(events, time, level) {
  found <- poisson.test(events, time, conf.level = level)$conf.int
  list(events = events, time = time, level = level, lower = found[1], upper = found[2])
}
share <- function(events, total, level) {
  found <- suppressWarnings(prop.test(events, total, conf.level = level, correct = FALSE))$conf.int
  list(events = events, total = total, level = level, lower = found[1], upper = found[2])
}
quantile <- function(probability, shape) list(probability = probability, shape = shape, x = qgamma(probability, shape))

rates <- c(
  lapply(c(0, 1, 2, 3, 5, 10, 17, 30, 100, 999, 12345, 1e6), function(k) rate(k, 123.5, 0.95)),
  lapply(c(0, 1, 7, 250), function(k) rate(k, 8, 0.99)), lapply(c(0, 1, 7, 250), function(k) rate(k, 0.5, 0.5))
)
shares <- c(
  lapply(c(0, 1, 5, 10), function(k) share(k, 10, 0.95)),
  list(share(0, 1, 0.95), share(1, 1, 0.95), share(81, 263, 0.95), share(15, 148, 0.99), share(500000, 1e6, 0.9))
)
quantiles <- list()
for (shape in c(1, 1.5, 2, 10, 100.25, 5000)) for (p in c(1e-10, 0.001, 0.025, 0.5, 0.975, 0.999999)) {
  quantiles <- c(quantiles, list(quantile(p, shape)))
}
versions <- list(R = as.character(getRversion()))
table <- function(name, rows) {
  lines <- vapply(rows, function(row) as.character(toJSON(row, digits = NA, auto_unbox = TRUE)), "")
  c(paste0('"', name, '": ['), paste0(lines, c(rep(",", length(lines) - 1), "")), "]")
}
writeLines(c(
  paste0('{"versions": ', toJSON(versions, auto_unbox = TRUE), ","), table("rates", rates), ",",
  table("proportions", shares), ",", table("gamma_quantiles", quantiles), "}"
), "pinned/rates.json")
