# Les appels d'un programme, d'après sa trace de strace -f -yy : lesquels truquer. Pour tests/pannes.sh.
#
#   awk -v appel=recv -v noms=recvfrom,recvmsg -f tests/pannes.awk trace
#
# Écrit : APPEL COMBIEN RANG PLACE RENDU [RANG PLACE RENDU], deux rangs au plus ; rien s'il n'y en a aucun.
BEGIN { n = split(noms, liste, ","); for (i = 1; i <= n; i++) du_noyau[liste[i]] = 1 }
{ nom = $2; sub(/\(.*/, "", nom) }
# Les sockets que la libc ouvre pour elle : vers nscd, vers le noyau, ou pour trier des adresses.
function de_la_libc() { return /AF_NETLINK|(AF_UNIX|SOCK_DGRAM).*SOCK_CLOEXEC.*, (0|IPPROTO_IP)\)/ }
nom == "socket" && de_la_libc() && match($0, /= [0-9]+/) {
    libc[substr($0, RSTART + 2, RLENGTH - 2)] = 1
}
function a_la_libc() {
    if (nom == "socket") return de_la_libc()
    return match($0, /\([0-9]+</) && substr($0, RSTART + 1, RLENGTH - 2) in libc
}
function sur_une_socket() {
    if (nom ~ /^(socket|socketpair|clone3?|v?fork|wait4|waitid|p?poll|p?select6?|epoll_.*)$/) return !/ p?poll\(NULL/
    return /^[0-9]+ +[a-z0-9_]+\([0-9]+<(TCP|UDP|UNIX|socket)/
}
nom ~ /^(accept4?|recvfrom|recvmsg|p?poll|p?select6?|epoll_p?wait)$/ { accueilli = 1 }
premier == "" { premier = $1 }
nom ~ /^(accept4?|recvfrom|recvmsg)$/ { a_servi[$1] = 1 }
nom in du_noyau { tous++ }
nom in du_noyau && ++rang[$1] && (!sur_une_socket() || a_la_libc()) { pas_a_nous[rang[$1]] = 1 }
nom in du_noyau && sur_une_socket() && !a_la_libc() {
    rangs[++vus] = rang[$1]
    places[vus] = $1 != premier && !($1 in a_servi) ? "relève" : accueilli ? "service" : "départ"
    rendus[vus] = match($0, / = -1 [A-Z]+/) ? substr($0, RSTART + 6, RLENGTH - 6) : "-"
}
nom == "close" && match($0, /\([0-9]+/) { delete libc[substr($0, RSTART + 1, RLENGTH - 1)] }
# Un rang vaut pour chaque processus : ni deux fois le même, ni celui d'un appel de la libc.
END {
    for (i = 1; i <= vus && gardes < 2; i++)
        if (!(rangs[i] in pas_a_nous) && !(rangs[i] in pris)) {
            pris[rangs[i]] = 1
            texte = texte " " rangs[i] " " places[i] " " rendus[i]
            gardes++
        }
    if (gardes) print appel, tous texte (gardes < 2 ? " - - -" : "")
}
