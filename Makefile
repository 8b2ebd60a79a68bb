# Les sockets BSD en C. « make aide » dit tout ; ajouter un chapitre, c'est poser un fichier.
# make CC=clang, make CC=musl-gcc, make SAN=1 : chaque variante dans son dossier de build/.

CFLAGS  ?= -O2 -g
ALERTES := -Wall -Wextra -Wpedantic -Wshadow -Wconversion
ifneq ($(origin CC),command line)   # un CC de l'environnement sert, sans déplacer les programmes
CC      := $(if $(filter default,$(origin CC)),cc,$(CC))
else
VARIANTE := $(notdir $(firstword $(CC)))
endif
ifeq ($(SAN),1)
VARIANTE := $(or $(VARIANTE),cc)-san
SURETE   := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
endif

OBJETS      := build/$(or $(VARIANTE),cc)
# Sans variante, l'exécutable est à côté de son source : tcp/06-serveur.c donne tcp/06-serveur.
PREFIXE     := $(if $(VARIANTE),$(OBJETS)/)
CHAPITRES   := $(addsuffix .c,$(shell scripts/chapitres.sh))
COMMUN      := $(patsubst %.c,$(OBJETS)/%.o,$(wildcard common/*.c))
EXECUTABLES := $(patsubst %.c,$(PREFIXE)%,$(CHAPITRES))
# Les outils en C des scripts : scripts/diagramme/paquets.c donne build/outils/paquets. Un outil en
# plusieurs fichiers a les siens dans un dossier de son nom : scripts/diagramme/dessin/*.c.
SOURCES_OUTILS := $(wildcard scripts/*/*.c)
MORCEAUX    := $(wildcard scripts/*/*/*.c)
OUTILS      := $(patsubst %.c,build/$(if $(VARIANTE),$(VARIANTE)/)outils/%,$(notdir $(SOURCES_OUTILS)))
COMPILER    = $(CC) -std=gnu11 $(ALERTES) $(CFLAGS) $(SURETE)
# Les scripts et les tests cherchent les exécutables ici.
export PROGRAMMES := $(CURDIR)/$(PREFIXE)
MAKEFLAGS  += --no-builtin-rules

.PHONY: tout aide demo diff page schemas test test-complet test-cours test-main faits lint clean
.SECONDARY:
tout: $(EXECUTABLES) $(OUTILS) | essais

essais:   # là va tout ce que l'on compile à la main ; git l'ignore
	@mkdir -p $@

$(EXECUTABLES): $(PREFIXE)%: $(OBJETS)/%.o $(COMMUN)
	@$(COMPILER) $(LDFLAGS) $^ -o $@

define regle_outil
$(filter %/$(basename $(notdir $(1))),$(OUTILS)): $(patsubst %.c,$(OBJETS)/%.o,$(1) $(filter $(1:.c=)/%,$(MORCEAUX))) $(COMMUN)
	@mkdir -p $$(@D)
	@$$(COMPILER) $$(LDFLAGS) $$^ -o $$@
endef
$(foreach source,$(SOURCES_OUTILS),$(eval $(call regle_outil,$(source))))

$(OBJETS)/%.o: %.c
	@mkdir -p $(@D)
	@echo "  cc  $<"
	@$(COMPILER) -MMD -MP -c $< -o $@

-include $(patsubst %.c,$(OBJETS)/%.d,$(CHAPITRES) $(SOURCES_OUTILS) $(MORCEAUX) $(wildcard common/*.c))

aide:         ## cette liste
	@echo "make (ou make tout) : compile chaque chapitre à côté de son source"
	@sed -n 's/^\([a-z_.-]*\):.*## \(.*\)/make \1 : \2/p' Makefile
	@echo "make CC=clang, CC=musl-gcc, SAN=1 : la variante va dans build/, sans rien mélanger"
	@echo "Une cible se combine à une variante : make test SAN=1"

demo: tout    ## la leçon racontée, chaque programme face à un netcat
	@scripts/demo.sh

diff:         ## ce qui change d'un programme à son voisin, sur une page ou deux : make diff A=22 B=23
	@scripts/comparer.sh $(A) $(B)

page:         ## le cours en une page, à lire hors ligne : build/cours.html (il faut cmark-gfm ; make schemas avant : en images)
	@mkdir -p build
	@scripts/page.sh > build/.cours.html.tmp || { rm -f build/.cours.html.tmp; exit 1; }
	@mv build/.cours.html.tmp build/cours.html
	@echo "build/cours.html : à ouvrir dans un navigateur"

schemas: tout    ## les schémas du cours, refaits et comparés au texte ; en SVG dans build/schemas/ (il faut strace)
	@tests/schemas.sh --svg build/schemas

test: tout    ## les programmes, les leçons, la matrice, en moins de deux minutes (installe bats et nc s'ils manquent)
	@scripts/outils.sh tests && tests/lancer.sh

test-complet: tout    ## le reste : les mémentos, tous les netcats, valgrind, pannes provoquées, copies de chapitres
	@scripts/outils.sh ci && tests/lancer.sh --complet

test-cours: tout    ## rejoue les pages du cours : extraits, sessions, preuves
	@scripts/outils.sh cours && tests/cours.sh

test-main: tout    ## tape tout le cours comme une personne : vrais terminaux, une machine, deux fois
	@scripts/outils.sh tests && tests/main.sh

faits:        ## les faits du programme : prouvés par ce qui a été joué, enseignés, sans preuve
	@tests/faits.sh

lint:         ## relit le C et les scripts : clang-format, clang-tidy, cppcheck, shellcheck
	@tests/lint.sh

clean:        ## efface ce que make et les scènes du cours ont fait, jamais ce que vous avez écrit dans essais/
	rm -rf build compile_commands.json $(patsubst %.c,%,$(CHAPITRES))
	@scripts/menage.sh > /dev/null
	@[ ! -d essais ] || rmdir --ignore-fail-on-non-empty essais

compile_commands.json: $(CHAPITRES) $(wildcard common/*.c */solutions/*.c) Makefile    ## pour les éditeurs (clangd)
	@{ echo '['; separateur=; for source in $(filter %.c,$^); do \
	    printf '%s{"directory": "%s", "file": "%s", "command": "%s -c %s"}' \
	        "$$separateur" "$(CURDIR)" "$$source" "$(COMPILER)" "$$source"; separateur=','; \
	done; echo; echo ']'; } > $@
