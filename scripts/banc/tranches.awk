# Lit les tranches d'un modèle, puis celles de la limite à côté de lui : débit, p50, p99, max, erreurs, cœur. Écrit une
# ligne : de lui, le débit et le cœur moyens, les p50 et p99 médians, le pire max, toutes les erreurs ; d'elle, le débit
# moyen et le p99 médian. À lancer avec LC_ALL=C.

FNR == 1 { qui++ }
{ n[qui]++; for (i = 1; i <= 6; i++) v[qui, i, n[qui]] = $i + 0 }

function moyenne(qui, i,    k, total) {
    for (k = 1; k <= n[qui]; k++) total += v[qui, i, k]
    return ecrit(total / n[qui])
}

function median(qui, i,    k, j, x, rangs) {
    for (k = 1; k <= n[qui]; k++) {
        x = v[qui, i, k]
        for (j = k - 1; j > 0 && rangs[j] > x; j--) rangs[j + 1] = rangs[j]
        rangs[j + 1] = x
    }
    k = n[qui]
    return ecrit(k % 2 ? rangs[(k + 1) / 2] : (rangs[k / 2] + rangs[k / 2 + 1]) / 2)
}

function ecrit(x) { return sprintf("%.10g", x) }

END {
    for (k = 1; k <= n[1]; k++) {
        if (v[1, 4, k] > pire) pire = v[1, 4, k]
        erreurs += v[1, 5, k]
    }
    print moyenne(1, 1), median(1, 2), median(1, 3), ecrit(pire), ecrit(erreurs), moyenne(1, 6), moyenne(2, 1), median(2, 3)
}
