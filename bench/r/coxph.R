suppressMessages(library(survival))
words <- commandArgs(TRUE); n <- as.integer(words[2]); p <- as.integer(words[3])
values <- readBin(words[1], "double", n * (4 + p))
column <- function(which) values[(which - 1) * n + seq_len(n)]
x <- matrix(values[-seq_len(4 * n)], ncol = p)
y <- Surv(column(1), column(2)); strata <- as.integer(column(3))
control <- coxph.control(eps = 1e-12, toler.chol = 1e-13)
began <- proc.time()[3]
fit <- coxph.fit(x, y, strata, NULL, NULL, control, NULL, "efron", NULL, resid = FALSE)
cat(sprintf("%.17g", c(proc.time()[3] - began, fit$coefficients)), sep = "\n")
