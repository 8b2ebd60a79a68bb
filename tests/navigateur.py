#!/usr/bin/env python3
"""Ouvre la page du cours dans Chromium, sans fenêtre, et vérifie ce qu'un navigateur seul peut dire.

  tests/navigateur.py PAGE.html largeurs|etapes|clavier|attente|schema|recherche|accessible|structure|axe|
                      sans-js|impression [DOSSIER]

Écrit ce qui ne va pas, une ligne par défaut. Code 0 : rien ; 1 : des défauts ; 2 : mal appelé, ou pas de
Chromium. DOSSIER : y laisser les captures et le PDF. Parle à Chromium par deux tubes, sans rien d'autre que
Python. Ne remplace ni une oreille devant un lecteur d'écran, ni axe-core.
"""
import base64
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

LARGEURS = ((380, 800), (1280, 720), (1600, 900))


class Chromium:
    """Un Chromium et son unique onglet ; « defauts » reçoit ce que l'onglet dit de mal."""

    def __init__(self, programme, dossier):
        self.defauts, self.requetes, self.evenements, self.numero, self.reste = [], [], [], 0, b''
        vers_lui, self.ecrit = os.pipe()
        self.lit, de_lui = os.pipe()
        def tubes():   # les siens sont 3 et 4 ; d'abord à l'abri, si ces numéros sont pris
            a, b = os.dup2(vers_lui, 20), os.dup2(de_lui, 21)
            os.dup2(a, 3)
            os.dup2(b, 4)
        options = ['--headless=new', '--remote-debugging-pipe', '--no-first-run', '--disable-gpu',
                   '--disable-dev-shm-usage', '--hide-scrollbars', '--user-data-dir=' + dossier,
                   '--no-sandbox']   # root, un conteneur l'exigent ; la page est la nôtre
        self.processus = subprocess.Popen([programme, *options], preexec_fn=tubes, close_fds=False,
                                          stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                          stderr=subprocess.DEVNULL)
        os.close(vers_lui)
        os.close(de_lui)
        self.session = None
        cible = self.demander('Target.createTarget', url='about:blank')['targetId']
        self.session = self.demander('Target.attachToTarget', targetId=cible, flatten=True)['sessionId']
        for domaine in ('Page', 'Runtime', 'Log', 'Network'):
            self.demander(domaine + '.enable')

    def message(self):
        while b'\0' not in self.reste:
            lu = os.read(self.lit, 1 << 20)
            if not lu:
                raise SystemExit('navigateur.py : Chromium s\'est arrêté')
            self.reste += lu
        texte, self.reste = self.reste.split(b'\0', 1)
        recu = json.loads(texte)
        methode, params = recu.get('method'), recu.get('params', {})
        if methode == 'Runtime.exceptionThrown':
            exception = params['exceptionDetails'].get('exception', {})
            self.defauts.append('exception : ' + exception.get('description', '?'))
        elif methode == 'Log.entryAdded' and params['entry']['level'] in ('error', 'warning'):
            self.defauts.append('console : ' + params['entry']['text'])
        elif methode == 'Runtime.consoleAPICalled' and params['type'] in ('error', 'warning'):
            self.defauts.append('console : ' + params['type'])
        elif methode == 'Network.requestWillBeSent':
            self.requetes.append(params['request']['url'])
        if methode:
            self.evenements.append(methode)
        return recu

    def demander(self, methode, **params):
        self.numero += 1
        demande = {'id': self.numero, 'method': methode, 'params': params}
        if self.session:
            demande['sessionId'] = self.session
        os.write(self.ecrit, json.dumps(demande).encode() + b'\0')
        while (recu := self.message()).get('id') != self.numero:
            pass
        if 'error' in recu:
            raise SystemExit(f'navigateur.py : {methode} : {recu["error"]["message"]}')
        return recu['result']

    def ouvrir(self, adresse, largeur=1280, hauteur=720):
        self.demander('Emulation.setDeviceMetricsOverride', width=largeur, height=hauteur,
                      deviceScaleFactor=1, mobile=largeur < 500)
        self.evenements.clear()
        self.demander('Page.navigate', url=adresse)
        while 'Page.loadEventFired' not in self.evenements:
            self.message()

    def evaluer(self, js):
        recu = self.demander('Runtime.evaluate', expression=js, returnByValue=True, awaitPromise=True)
        if 'exceptionDetails' in recu:
            raise SystemExit('navigateur.py : ' + recu['exceptionDetails']['exception'].get('description', js))
        return recu['result'].get('value')

    def touche(self, touche, code=0, texte=None):
        params = {'key': touche, 'windowsVirtualKeyCode': code}
        if texte:
            params['text'] = texte
        self.demander('Input.dispatchKeyEvent', type='keyDown', **params)
        self.demander('Input.dispatchKeyEvent', type='keyUp', key=touche, windowsVirtualKeyCode=code)

    def fermer(self):
        try:
            self.session = None
            self.demander('Browser.close')
        except (SystemExit, OSError):
            self.processus.kill()
        self.processus.wait()


def largeurs(chromium, page, garder):
    for largeur, hauteur in LARGEURS:
        chromium.ouvrir(page, largeur, hauteur)
        chromium.defauts += [f'{largeur} px : {dit}' for dit in chromium.evaluer('''(() => {
            const dits = [], tous = choix => [...document.querySelectorAll(choix)];
            tous('details').forEach(d => { d.open = true; });
            if (document.documentElement.scrollWidth > LARGEUR)   // innerWidth, sur un téléphone, grandit avec elle
                dits.push('la page déborde : ' + document.documentElement.scrollWidth);
            for (const a of tous('a[href^="#"]'))
                if (!document.getElementById(decodeURIComponent(a.hash.slice(1)))) dits.push('ancre morte : ' + a.hash);
            for (const pre of tous('.volet pre'))
                if (pre.scrollWidth > pre.clientWidth) dits.push('une ligne est coupée : ' + pre.textContent.slice(0, 60));
            if (innerWidth === 1280) for (const scene of tous('.scene'))
                if (scene.offsetHeight > innerHeight)
                    dits.push('la scène ' + scene.dataset.scene + ' ne tient pas : ' + scene.offsetHeight + ' px');
            return dits;
        })()'''.replace('LARGEUR', str(largeur)))]
        if garder:
            for nom, js in (('haut', 'scrollTo(0, 0)'), ('scene', '''(() => {
                    const s = document.querySelector('[data-scene="4"]'), b = s.querySelector('.commandes button');
                    for (let i = 0; i < 4; i++) b.click();
                    s.scrollIntoView({ block: 'center' }); })()''')):
                chromium.evaluer(js)
                image = chromium.demander('Page.captureScreenshot', format='png')['data']
                (garder / f'{nom}-{largeur}.png').write_bytes(base64.b64decode(image))
    chromium.defauts += [f'requête : {url[:100]}' for url in chromium.requetes
                         if url != page and not url.startswith('data:')]


def etapes(chromium, page, _):
    """Chaque scène, jouée au bouton jusqu'au bout, montre les étapes de scripts/scenes.sh, dans l'ordre."""
    attendues = {}
    scripts = pathlib.Path(__file__).resolve().parent.parent / 'scripts'
    lues = subprocess.run([scripts / 'scenes.sh'], check=True, stdout=subprocess.PIPE).stdout.decode()
    for ligne in lues.split('\n')[:-1]:
        scene, _, _, terminal, geste, texte = ligne.split('\t', 5)
        if geste not in ('besoin', 'preuve', 'c', 'extrait'):
            attendues.setdefault(scene, []).append([terminal, geste, texte])
    chromium.ouvrir(page)
    jouees = chromium.evaluer('''[...document.querySelectorAll('.scene')].map(scene => {
        const vues = new Set(), dites = [], suivante = scene.querySelector('.commandes button');
        const dire = () => {
            for (const l of scene.querySelectorAll('[data-t]')) if (!vues.has(l) && !l.closest('.cache')) {
                vues.add(l);
                const copie = l.cloneNode(true);
                copie.querySelector('button')?.remove();
                dites.push([l.dataset.t, l.className, copie.textContent.replace('\\u00a0', '')]);
            }
        };
        if (suivante) do { suivante.click(); dire(); } while (scene.classList.contains('joue') && vues.size < 1000);
        dire();
        return [scene.dataset.scene, dites];
    })''')
    par_scene = {}
    for scene, dites in jouees:   # la suite d'une scène en est un autre bloc
        par_scene.setdefault(scene, []).extend(dites)
    for scene, dites in par_scene.items():
        voulues = attendues.pop(scene, [])
        montrees = [[t, g, d[2:] if g in ('commande', 'saisie') else '' if g in ('ctrl-c', 'ctrl-d', 'attend') else d]
                    for t, g, d in dites]
        for rang, (voulue, montree) in enumerate(zip(voulues + [None], montrees + [None]), 1):
            if voulue != montree:
                chromium.defauts.append(f'scène {scene}, étape {rang} : {montree} au lieu de {voulue}')
                break
    chromium.defauts += [f'scène {scene} : absente' for scene in attendues]


def clavier(chromium, page, _):
    chromium.ouvrir(page)
    scene = 'document.querySelector(\'[data-scene="4"]\')'
    nombre = int(chromium.evaluer(scene + '.querySelector("output").textContent').split(' ')[-2])
    dit = lambda: chromium.evaluer(scene + '.querySelector("output").textContent')
    chromium.evaluer(scene + '.querySelector("pre").focus()')
    for rang in range(1, nombre):
        chromium.touche(' ', 32, ' ') if rang % 2 else chromium.touche('ArrowRight', 39)
        if not dit().startswith(f'{rang} / {nombre}'):
            chromium.defauts.append(f'étape {rang} : la scène dit « {dit()} »')
    chromium.touche('ArrowLeft', 37)
    if not dit().startswith(f'{nombre - 2} / '):
        chromium.defauts.append(f'flèche gauche : la scène dit « {dit()} »')
    chromium.touche('ArrowRight', 39)
    chromium.touche('ArrowRight', 39)
    if f'{nombre} étapes' not in dit():
        chromium.defauts.append(f'à la fin, la scène dit « {dit()} »')
    chromium.touche(' ', 32, ' ')
    chromium.touche('Escape', 27)
    if f'{nombre} étapes' not in dit() or chromium.evaluer(scene + '.querySelectorAll(".cache").length'):
        chromium.defauts.append('Échap ne montre pas tout')


def attente(chromium, page, _):
    """« (attend) » clignote à son étape, et plus quand le terminal dit autre chose, ni si l'on n'en veut pas."""
    js = """(() => {
        const attend = [...document.querySelectorAll('.volet .attend')].find(a => a.parentElement.nextElementSibling);
        const scene = attend.closest('.scene'), bouton = scene.querySelector('.commandes button'), dites = [];
        const clignote = () => dites.push(attend.querySelector('.points').getAnimations().length);
        clignote();
        do bouton.click(); while (attend.closest('.cache'));
        clignote();
        do bouton.click(); while (attend.parentElement.nextElementSibling.matches('.cache'));
        clignote();
        return dites.join() + ' ' + attend.querySelector('div').textContent;
    })()"""
    for reduit, voulu in (('no-preference', '0,1,0 … (attend)'), ('reduce', '0,0,0 … (attend)')):
        chromium.demander('Emulation.setEmulatedMedia', features=[{'name': 'prefers-reduced-motion', 'value': reduit}])
        chromium.ouvrir(page)
        if (dit := chromium.evaluer(js)) != voulu:
            chromium.defauts.append(f'attente, {reduit} : {dit} au lieu de {voulu}')


def schema(chromium, page, _):
    """Le premier schéma en image : contre sa scène, replié, lisible à 380 px, aux couleurs du thème, imprimé."""
    chromium.ouvrir(page, 380, 800)
    chromium.defauts += chromium.evaluer("""(async () => {
        const dits = [], exiger = (vrai, dit) => vrai || dits.push(dit);
        const pli = document.querySelector('.echange:has(svg .d):has(+ .scene)');
        if (!pli) return ['aucune image contre une scène'];
        const un = choix => pli.querySelector(choix), svg = un('svg');
        if (pli.open) return ['déplié trop tôt'];
        pli.open = true;
        await new Promise(ok => pli.addEventListener('toggle', ok, { once: true }));
        exiger(svg.getBoundingClientRect().width >= 640, 'trop petit : ' + svg.getBoundingClientRect().width);
        exiger(un('.image').tabIndex === 0, 'ne défile pas au clavier');
        exiger(document.documentElement.scrollWidth <= 380, 'la page déborde');
        exiger(svg.getAttribute('role') === 'img' && un('title').textContent, 'sans nom');
        exiger(un('details .dessin').textContent.includes('─'), 'sans équivalent en texte');
        for (const [choix, trait] of [['> text', 'fill'], ['.e', 'fill'], ['.d', 'stroke'], ['.v', 'stroke']]) {
            const avant = getComputedStyle(un('svg ' + choix))[trait];
            document.querySelector('#theme').click();
            exiger(avant !== getComputedStyle(un('svg ' + choix))[trait], choix + ' ne suit pas le thème');
        }
        pli.open = false;
        return dits;
    })()""")
    chromium.demander('Emulation.setEmulatedMedia', media='print')
    chromium.defauts += chromium.evaluer("""(async () => {
        await new Promise(ok => requestAnimationFrame(() => requestAnimationFrame(ok)));   // la page est repeinte
        const svg = document.querySelector('.image svg'), texte = document.querySelector('.echange details');
        if (!svg) return [];
        const vu = svg.checkVisibility({ contentVisibilityAuto: true }) && svg.clientHeight;
        return [!vu && 'absent du papier', texte.checkVisibility() && 'deux fois sur le papier'].filter(Boolean);
    })()""")


def recherche(chromium, page, _):
    chromium.ouvrir(page, 380, 800)
    chromium.touche('/', 191, '/')
    chromium.demander('Input.insertText', text='TELEPHONE courrier')
    dit = chromium.evaluer('document.querySelector("#trouves").textContent')
    if not dit[:1].isdigit():
        chromium.defauts.append(f'la recherche dit « {dit} »')
    chromium.touche('Enter', 13, '\r')
    if not chromium.evaluer('location.hash.length > 1'):
        chromium.defauts.append('Entrée ne mène nulle part')
    if chromium.evaluer('document.querySelector("nav").classList.contains("ouvert")'):
        chromium.defauts.append('le sommaire reste ouvert sur le texte')
    chromium.evaluer('document.querySelector("#cherche").focus()')
    chromium.evaluer('document.querySelector("#cherche").select()')
    chromium.touche('/', 191, '/')
    chromium.demander('Input.insertText', text='zzyzx')
    dit = chromium.evaluer('document.querySelector("#trouves").textContent')
    if dit != 'aucune section':
        chromium.defauts.append(f'un mot absent : la recherche dit « {dit} »')


def accessible(chromium, page, _):
    """Langue, identifiants, noms, titres sans saut de niveau, contraste de chaque texte (4,5), des deux thèmes."""
    chromium.ouvrir(page)
    for theme in ('clair', 'sombre'):
        chromium.defauts += [f'{theme} : {dit}' for dit in chromium.evaluer('''(() => {
            document.documentElement.dataset.theme = '%s';
            const dits = new Set(), tous = choix => [...document.querySelectorAll(choix)];
            if (document.documentElement.lang !== 'fr') dits.add('lang');
            const ids = tous('[id]').map(e => e.id);
            ids.forEach((id, i) => ids.indexOf(id) !== i && dits.add('deux fois : ' + id));
            for (const e of tous('button, a[href], summary'))
                if (!(e.getAttribute('aria-label') || e.textContent).trim())
                    dits.add('sans nom : ' + e.outerHTML.slice(0, 80));
            for (const e of tous('input')) if (!e.labels.length) dits.add('sans étiquette : ' + e.id);
            for (const e of tous('th')) if (!e.textContent.trim()) dits.add('en-tête de colonne vide');
            let avant = 1;
            for (const e of tous('main :is(h1, h2, h3, h4, h5, h6)')) {
                const niveau = e.ariaLevel || e.tagName[1];
                if (niveau - avant > 1) dits.add('niveau sauté : ' + e.textContent);
                avant = +niveau;
            }
            const lire = c => (c.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
            const clarte = c => [0.2126, 0.7152, 0.0722].reduce((s, k, i) => {
                const v = c[i] / 255;
                return s + k * (v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
            }, 0);
            const fond = e => { for (; e; e = e.parentElement) { const c = lire(getComputedStyle(e).backgroundColor);
                if (c.length < 4 || c[3]) return c; } return [255, 255, 255]; };
            const textes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            for (let t; t = textes.nextNode();) {
                const e = t.parentElement;
                if (!t.data.trim() || /^(SCRIPT|STYLE)$/.test(e.tagName)) continue;
                const [a, b] = [clarte(lire(getComputedStyle(e).color)), clarte(fond(e))].sort((x, y) => y - x);
                if ((a + .05) / (b + .05) < 4.5) dits.add('contraste ' + ((a + .05) / (b + .05)).toFixed(1) + ' : ' +
                    e.tagName + ' ' + e.className + ' ' + t.data.trim().slice(0, 30));
            }
            return [...dits].slice(0, 20);
        })()''' % theme)]


AXE = pathlib.Path(__file__).resolve().parent.parent / 'build/axe.min.js'   # tests/axe.sh l'apporte


def juge_par_axe(chromium, choix, options):
    """Les fautes graves et critiques de ce choix de la page, une ligne chacune."""
    return chromium.evaluer(f"""(async () => {{
        const rapport = await axe.run({choix}, {{ resultTypes: ['violations'], {options} }});
        return rapport.violations.filter(v => /serious|critical/.test(v.impact)).map(v =>
            `${{v.id}} (${{v.impact}}), ${{v.nodes.length}} fois : ${{v.nodes[0].html.slice(0, 120)}}`);
    }})()""")


def structure(chromium, page, _):
    """La page entière selon axe-core, sans les contrastes : trop longs, et les mêmes partout."""
    chromium.ouvrir(page, 1280, 720)
    chromium.evaluer(AXE.read_text() + ";document.querySelectorAll('details').forEach(d => { d.open = true; })")
    chromium.defauts += juge_par_axe(chromium, 'document', "rules: { 'color-contrast': { enabled: false } }")


def axe(chromium, page, _):
    """Aucune faute grave ou critique selon axe-core : aux trois largeurs, dans les deux thèmes, réponses et schémas
    dépliés, une scène en pas à pas ; et le sommaire ouvert sur un petit écran."""
    chromium.demander('Emulation.setEmulatedMedia',   # ce qui clignote n'a pas qu'un contraste
                      features=[{'name': 'prefers-reduced-motion', 'value': 'reduce'}])
    for largeur, hauteur in LARGEURS:
        chromium.ouvrir(page, largeur, hauteur)
        chromium.evaluer(AXE.read_text() + """;document.querySelectorAll('details').forEach(d => { d.open = true; });
            document.querySelector('[data-scene="4"] .commandes button')?.click()""")
        for theme, choix in (('clair', 'document'), ('sombre', 'document'), ('clair', '"nav"'), ('sombre', '"nav"')):
            if choix == '"nav"' and largeur > 1024:
                continue
            chromium.evaluer(f"""document.documentElement.dataset.theme = '{theme}';
                document.querySelector('nav').classList.toggle('ouvert', {str(choix != 'document').lower()})""")
            chromium.defauts += [f'axe, {largeur} px, {theme} : {dit}' for dit in juge_par_axe(chromium, choix,
                "runOnly: ['color-contrast']" if theme == 'sombre' else '')]   # un thème ne change que cela


def sans_js(chromium, page, _):
    chromium.demander('Emulation.setScriptExecutionDisabled', value=True)
    chromium.ouvrir(page, 380, 800)
    lu = chromium.evaluer('''({ scenes: [...document.querySelectorAll('.scene > pre')].filter(p => p.offsetHeight).length,
        toutes: document.querySelectorAll('.scene').length, boutons: document.querySelector('header').offsetHeight,
        sommaire: document.querySelector('nav').offsetHeight, large: document.documentElement.scrollWidth })''')
    repliees = chromium.evaluer("document.querySelectorAll('details .scene').length")
    if lu['scenes'] + repliees < lu['toutes'] or not lu['toutes']:
        chromium.defauts.append(f'{lu["scenes"]} scènes lisibles, {repliees} repliées, sur {lu["toutes"]}')
    if lu['boutons'] or not lu['sommaire']:
        chromium.defauts.append('des boutons sans effet, ou pas de sommaire')
    if lu['large'] > 380:
        chromium.defauts.append(f'la page déborde : {lu["large"]}')


def impression(chromium, page, garder):
    chromium.ouvrir(page)
    chromium.evaluer('''document.querySelector('[data-scene="1"] .commandes button').click();
        window.ouvertes = -1; addEventListener('beforeprint', () => {
            ouvertes = document.querySelectorAll('details:not([open])').length; });''')
    pdf = base64.b64decode(chromium.demander('Page.printToPDF', printBackground=True)['data'])
    feuilles = pdf.count(b'/Type /Page\n')
    if not pdf.startswith(b'%PDF') or feuilles < 20:
        chromium.defauts.append(f'le PDF a {feuilles} pages et {len(pdf)} octets')
    if chromium.evaluer('ouvertes') != 0:
        chromium.defauts.append('des réponses restent pliées sur le papier')
    chromium.demander('Emulation.setEmulatedMedia', media='print')
    visibles = chromium.evaluer('''[...document.querySelectorAll('nav, header, .commandes, .copier')]
        .filter(e => e.offsetHeight).map(e => e.outerHTML.slice(0, 60)).concat(
        [...document.querySelectorAll('.cache')].filter(e => getComputedStyle(e).visibility !== 'visible')
        .map(e => 'caché : ' + e.textContent)).slice(0, 5)''')
    chromium.defauts += [f'sur le papier : {dit}' for dit in visibles]
    if garder:
        (garder / 'cours.pdf').write_bytes(pdf)


def principal():
    epreuves = {f.__name__.replace('_', '-'): f
                for f in (largeurs, etapes, clavier, attente, schema, recherche, accessible, structure, axe,
                          sans_js, impression)}
    if sys.argv[1:] in (['-h'], ['--help']):
        print(__doc__.strip())
        return 0
    if len(sys.argv) not in (3, 4) or sys.argv[2] not in epreuves:
        print('navigateur.py : PAGE.html ' + '|'.join(epreuves) + ' [DOSSIER]', file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))   # en fermant Chromium
    programme = shutil.which('chromium') or shutil.which('chromium-browser')
    if not programme:
        print('navigateur.py : il faut Chromium, du paquet chromium', file=sys.stderr)
        return 2
    garder = pathlib.Path(sys.argv[3]) if len(sys.argv) == 4 else None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as dossier:
        chromium = Chromium(programme, dossier)
        try:
            epreuves[sys.argv[2]](chromium, pathlib.Path(sys.argv[1]).resolve().as_uri(), garder)
        finally:
            chromium.fermer()
    for defaut in chromium.defauts:
        print(defaut)
    return 1 if chromium.defauts else 0


if __name__ == '__main__':
    sys.exit(principal())
