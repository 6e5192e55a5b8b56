# Pins curves with delayed entry, counts as weights, competing events, restricted means and interval-censored
# events of R's survival, on data sets that ship with it.
library(survival)
library(jsonlite)

curve <- function(name, entry, time, status, weight = rep(1, length(time)), until) {
  fit <- if (is.null(entry)) survfit(Surv(time, status) ~ 1, weights = weight, conf.type = "log-log", robust = FALSE)
         else survfit(Surv(entry, time, status) ~ 1, weights = weight, conf.type = "log-log", robust = FALSE)
  found <- summary(fit, censored = TRUE)
  middle <- summary(fit, rmean = until)$table
  list(
    name = unbox(name), entry = entry, time = time, status = as.integer(status), weight = weight,
    times = found$time, at_risk = found$n.risk, survival = found$surv, standard_error = found$std.err,
    lower = found$lower, upper = found$upper, until = unbox(until),
    mean = unbox(unname(middle["rmean"])), mean_error = unbox(unname(middle["se(rmean)"])),
    median = unbox(unname(middle["median"])),
    median_lower = unbox(unname(middle["0.95LCL"])), median_upper = unbox(unname(middle["0.95UCL"]))
  )
}
competing <- function(name, time, cause) {
  fit <- survfit(Surv(time, factor(cause, 0:2)) ~ 1, conf.type = "log-log")
  list(
    name = unbox(name), time = time, cause = cause, times = fit$time,
    incidence_1 = fit$pstate[, 2], incidence_2 = fit$pstate[, 3],
    error_1 = fit$std.err[, 2], error_2 = fit$std.err[, 3],
    lower_1 = fit$lower[, 2], upper_1 = fit$upper[, 2]
  )
}
interval <- function(name, after, until) {
  fit <- survfit(Surv(after, until, type = "interval2") ~ 1)
  list(name = unbox(name), after = after, until = until, times = fit$time, survival = fit$surv)
}

heart_entry <- heart$start; heart_time <- heart$stop
old <- mgus2[1:400, ]
months <- ifelse(old$pstat == 0, old$futime, old$ptime); cause <- ifelse(old$pstat == 0, 2 * old$death, 1)
set.seed(7)
counted <- lung[!is.na(lung$time), ]
curves <- list(
  curve("lung", NULL, lung$time, lung$status == 2, until = 500),
  curve("lung, each person several times", NULL, lung$time, lung$status == 2, rep(1:4, length.out = nrow(lung)), 365),
  curve("heart, start and stop", heart_entry, heart_time, heart$event, until = 300),
  curve("mgus, by age", mgus$age * 365.25, mgus$age * 365.25 + mgus$futime, mgus$death, until = 30000)
)
competings <- list(competing("mgus2", months, cause), competing("small", c(1, 2, 2, 3, 4, 4, 5, 6), c(1, 0, 2, 1, 1, 2, 0, 1)))
visits <- function(n) { t <- rexp(n, 1 / 20); every <- 7; list(floor(t / every) * every, ceiling(t / every) * every) }
drawn <- visits(80); late <- drawn[[2]] > 35
intervals <- list(
  interval("visits each week", ifelse(late, 35, drawn[[1]]), ifelse(late, NA, drawn[[2]])),
  interval("overlapping", c(0, 2, 5, 3, 1, 7, 4, 6), c(4, 6, 9, 8, 5, NA, 4, 10))
)
lines <- function(rows) {
  made <- vapply(rows, function(row) as.character(toJSON(row, digits = NA, na = "null")), "")
  c("[", paste0(made, c(rep(",", length(made) - 1), "")), "]")
}
versions <- list(R = unbox(as.character(getRversion())), survival = unbox(as.character(packageVersion("survival"))))
writeLines(c(
  paste0('{"versions": ', toJSON(versions), ', "curves": '), lines(curves), ', "competing": ', lines(competings),
  ', "intervals": ', lines(intervals), "}"
), "pinned/curves.json")
