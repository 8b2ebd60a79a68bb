# Les schémas d'une page, et leurs fautes : pour tests/schemas.sh (-v OFS='\t'). Une ligne par faute (faute, sa
# ligne, ce qu'elle est), et par schéma (schema, ses options ou « - », les lignes qui encadrent son dessin, le
# numéro de sa scène dans la page).
function finir(texte) { if (annonce) print "faute", annonce, texte; annonce = 0 }
/^```/ && bloc {
    if (bloc == "text" && fleches > 1 && !annonce && !a_la_main)
        print "faute", debut, "des flèches entre deux lignes de vie : schema, ou schema à la main, et pourquoi ?"
    fin = NR
    if (bloc == "text") a_la_main = 0
    bloc = ""
    next
}
bloc == "text" {
    if (/(│|┊).*(►|◄).*(│|┊)/) fleches++
    large = $0
    gsub(/[\200-\277]/, "", large)
    if (annonce && length(large) > 80) print "faute", NR, "plus de 80 colonnes"
}
bloc { next }
/^<!-- schema à la main : .+ -->$/ { finir("sans son dessin"); a_la_main = NR; next }
/^<!-- schema :( --?[a-z-]+)* -->$/ {
    finir("sans son dessin")
    annonce = NR
    dessine = 0
    options = $0
    sub(/^<!-- schema : */, "", options)
    sub(/ *-->$/, "", options)
    if (options !~ /^((--sans-ack|--tout) ?)*$/) print "faute", NR, "options de schéma : " options
    next
}
/^<!-- *schema/ { print "faute", NR, "schéma mal écrit" }
/^```text$/ { bloc = "text"; debut = NR; fleches = 0; dessine = 1; next }
/^```console$/ {
    scene++
    if (annonce && dessine) print "schema", options == "" ? "-" : options, debut, fin, scene
    else finir("sans son dessin")
    annonce = 0
}
/^```/ { bloc = "autre"; next }
/^(<!--.*)?$/ { next }
{ finir("sans sa scène juste après"); a_la_main = 0 }
END { finir("sans sa scène juste après") }
