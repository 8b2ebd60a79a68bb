#!/usr/bin/env bats
# Chaque sonde des serveurs à plusieurs clients est vue rouge : un serveur juste, où l'on met une seule faute
# (tests/mutants.tsv), est pris par la sonde qui la cherche ; les sondes plus simples, jouées avant, ne
# l'accusent de rien. Ici, la survie et la fin.
# bats file_tags=complet

setup() { load aide; load mutants; }

@test "se voit : un serveur qui meurt de ECONNRESET" { est_pris "meurt de ECONNRESET"; }
@test "se voit : un serveur qui meurt de SIGPIPE" { est_pris "meurt de SIGPIPE"; }
@test "se voit : un serveur qui meurt d'un client reparti avant accept" { est_pris "meurt d'un client reparti avant accept"; }
@test "se voit : un serveur qui ne ferme pas les sockets de dialogue" { est_pris "ne ferme pas les sockets de dialogue"; }
@test "se voit : un serveur qui n'enterre qu'un fils par signal" { est_pris "n'enterre qu'un fils par signal"; }
@test "se voit : un serveur qui n'enterre personne" { est_pris "n'enterre personne"; }
@test "se voit : un serveur qui ne reprend pas un send() court" { est_pris "ne reprend pas un send() court"; }
@test "se voit : un serveur qui attend qu'un client lise" { est_pris "attend qu'un client lise"; }
@test "se voit : un serveur qui garde toutes les réponses de qui ne lit pas" { est_pris "garde toutes les réponses de qui ne lit pas"; }
@test "se voit : un serveur qui lit un client jusqu'à ce qu'il se taise" { est_pris "lit un client jusqu'à ce qu'il se taise"; }
@test "se voit : un serveur qui meurt avec un de ses fils" { est_pris "meurt avec un de ses fils"; }
@test "se voit : un serveur qui ne remplace pas un fils mort" { est_pris "ne remplace pas un fils mort"; }
@test "se voit : un serveur qui meurt de EMFILE" { est_pris "meurt de EMFILE"; }
@test "se voit : un serveur qui recommence accept sans attendre" { est_pris "recommence accept sans attendre"; }
@test "se voit : un serveur qui dépasse FD_SETSIZE" { est_pris "dépasse FD_SETSIZE"; }
@test "se voit : un serveur qui a une table trop petite" { est_pris "a une table trop petite"; }
@test "se voit : un serveur qui remet l'échéance à chaque octet" { est_pris "remet l'échéance à chaque octet"; }
@test "se voit : un serveur qui raccroche sans le dire" { est_pris "raccroche sans le dire"; }
@test "se voit : un serveur qui n'a pas d'échéance à l'écriture" { est_pris "n'a pas d'échéance à l'écriture"; }
@test "se voit : un serveur qui n'a pas d'échéance" { est_pris "n'a pas d'échéance"; }
@test "se voit : un serveur qui coupe tout au SIGTERM" { est_pris "coupe tout au SIGTERM"; }
@test "se voit : un serveur qui coupe tout au SIGINT" { est_pris "coupe tout au SIGINT"; }
@test "se voit : un serveur qui écoute encore après le SIGTERM" { est_pris "écoute encore après le SIGTERM"; }
@test "se voit : un serveur qui n'attend pas ses fils pour finir" { est_pris "n'attend pas ses fils pour finir"; }
@test "se voit : un serveur qui ne réemploie pas le port" { est_pris "ne réemploie pas le port"; }
