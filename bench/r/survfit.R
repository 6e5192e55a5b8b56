suppressMessages(library(survival))
people <- read.table(commandArgs(TRUE)[1])
fit <- summary(survfit(Surv(V1, V2) ~ 1, people), censored = TRUE)
cat(sprintf("%.17g\n%.17g", fit$surv, fit$std.err), sep = "\n")
