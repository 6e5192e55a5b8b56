# Pins Cox models of R's survival on data sets that ship with it: ties, strata, start and stop, clusters.
library(survival)
library(jsonlite)

exact <- coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 60)
pin <- function(name, fit, data, time, event, covariates, entry = NULL, strata = NULL, cluster = NULL) {
  column <- function(which) if (is.null(which)) NULL else data[[which]]
  list(
    name = unbox(name), time = data[[time]], event = as.integer(data[[event]]), entry = column(entry),
    strata = column(strata), cluster = column(cluster), covariates = as.list(data[covariates]),
    coefficients = unname(coef(fit)), error = unname(sqrt(diag(fit$var))),
    log_likelihood = unbox(fit$loglik[2]), without = unbox(fit$loglik[1])
  )
}
v <- veteran; v$celltype <- as.integer(v$celltype); v$ward <- floor(v$age) %% 17
h <- heart; h$transplant <- as.integer(h$transplant) - 1
b <- bladder2; r <- rats[, c("litter", "rx", "time", "status", "sex")]; r$male <- as.integer(r$sex == "m")
cases <- list(
  pin("veteran", coxph(Surv(time, status) ~ trt + karno + age + prior, v, control = exact), v, "time", "status",
      c("trt", "karno", "age", "prior")),
  pin("veteran, strata and clusters",
      coxph(Surv(time, status) ~ trt + karno + age + strata(celltype), v, cluster = ward, control = exact),
      v, "time", "status", c("trt", "karno", "age"), strata = "celltype", cluster = "ward"),
  pin("heart, start and stop",
      coxph(Surv(start, stop, event) ~ age + year + surgery + transplant, h, cluster = id, control = exact),
      h, "stop", "event", c("age", "year", "surgery", "transplant"), entry = "start", cluster = "id"),
  pin("bladder, start and stop in strata with clusters",
      coxph(Surv(start, stop, event) ~ rx + number + size + strata(enum), b, cluster = id, control = exact),
      b, "stop", "event", c("rx", "number", "size"), entry = "start", strata = "enum", cluster = "id"),
  pin("rats, a hundred strata", coxph(Surv(time, status) ~ rx + strata(litter), r, control = exact),
      r, "time", "status", c("rx"), strata = "litter"),
  pin("rats, clusters", coxph(Surv(time, status) ~ rx + male, r, cluster = litter, control = exact),
      r, "time", "status", c("rx", "male"), cluster = "litter")
)
versions <- list(R = unbox(as.character(getRversion())), survival = unbox(as.character(packageVersion("survival"))))
lines <- vapply(cases, function(case) as.character(toJSON(case, digits = NA, na = "null")), "")
writeLines(c(
  paste0('{"versions": ', toJSON(versions), ', "cases": ['), paste0(lines, c(rep(",", length(lines) - 1), "")), "]}"
), "pinned/cox.json")
