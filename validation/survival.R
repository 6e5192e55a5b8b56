# Pins Kaplan-Meier curves of R's survival: event tables of data sets that ship with it, and small cases by hand.
library(survival)
library(jsonlite)

curve <- function(name, time, status) {
  fit <- survfit(Surv(time, status) ~ 1, conf.type = "log-log")
  found <- summary(fit, censored = TRUE)
  middle <- summary(fit)$table
  list(
    name = unbox(name), times = found$time, at_risk = found$n.risk, events = found$n.event,
    survival = found$surv, standard_error = found$std.err, lower = found$lower, upper = found$upper,
    median = unbox(unname(middle["median"])),
    median_lower = unbox(unname(middle["0.95LCL"])), median_upper = unbox(unname(middle["0.95UCL"]))
  )
}

cases <- list(
  curve("lung", lung$time, lung$status == 2),
  curve("lung, women", lung$time[lung$sex == 2], lung$status[lung$sex == 2] == 2),
  curve("aml, maintained", aml$time[aml$x == "Maintained"], aml$status[aml$x == "Maintained"]),
  curve("aml, not maintained", aml$time[aml$x == "Nonmaintained"], aml$status[aml$x == "Nonmaintained"]),
  curve("veteran", veteran$time, veteran$status),
  curve("ovarian", ovarian$futime, ovarian$fustat),
  curve("nobody had the event", c(3, 5, 8), c(0, 0, 0)),
  curve("everybody had the event at once", c(4, 4, 4), c(1, 1, 1)),
  curve("runs along one half", c(1, 2, 3, 4), c(1, 1, 1, 1)),
  curve("ends at one half", c(1, 2, 3, 4), c(1, 1, 0, 0)),
  curve("one person", 7, 1)
)
versions <- list(R = unbox(as.character(getRversion())), survival = unbox(as.character(packageVersion("survival"))))
lines <- vapply(cases, function(case) as.character(toJSON(case, digits = NA, na = "null")), "")
writeLines(c(
  paste0('{"versions": ', toJSON(versions), ', "cases": ['), paste0(lines, c(rep(",", length(lines) - 1), "")), "]}"
), "pinned/survival.json")
