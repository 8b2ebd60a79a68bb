// La page du cours (scripts/page.sh) : les scènes pas à pas, le sommaire, la recherche.
'use strict';
const un = (choix, lieu = document) => lieu.querySelector(choix);
const tous = (choix, lieu = document) => [...lieu.querySelectorAll(choix)];
const racine = document.documentElement;
racine.classList.add('js');

function faire(nom, attributs = {}, ...enfants) {
  const element = document.createElement(nom);
  for (const [cle, valeur] of Object.entries(attributs)) element.setAttribute(cle, valeur);
  element.append(...enfants);
  return element;
}
const bouton = (texte, attributs = {}) => faire('button', { type: 'button', ...attributs }, texte);

// ─── Une scène : ses terminaux côte à côte, une étape à la fois ───

// Une étape : un geste ; ou ce qu'un terminal répond d'affilée. La réponse vient après la commande, à part :
// entre les deux, on prédit. Chaque ligne dit son geste et son terminal, ceux de scripts/scenes.sh.
function lireLesEtapes(scene) {
  const etapes = [];
  for (const ligne of tous('[data-t]', scene)) {
    const nom = ligne.dataset.t, reponse = ['ligne', 'vide'].includes(ligne.className);
    const avant = etapes.at(-1);
    if (reponse && avant?.reponse && avant.nom === nom) avant.lignes.push(ligne);
    else etapes.push({ nom, reponse, lignes: [ligne] });
  }
  return etapes;
}

function copier(texte) {
  if (navigator.clipboard) return navigator.clipboard.writeText(texte);
  const zone = faire('textarea');   // hors d'un contexte sûr
  zone.value = texte;
  document.body.append(zone);
  zone.select();
  document.execCommand('copy');
  zone.remove();
  return Promise.resolve();
}

// Une ligne comme l'écran la montre : « … » en gris, une option d'un seul tenant, un bouton au bout d'une commande.
function habiller(ligne) {
  const texte = ligne.textContent, dite = faire('div');
  const rangee = faire('div', { class: ligne.className, 'data-t': ligne.dataset.t }, dite);
  texte.split(/(…|(?<= )-[^\s…]{1,20})/).forEach((mot, i) => {
    dite.append(i % 2 ? faire('span', { class: mot === '…' ? 'points' : 'option' }, mot) : mot);
  });
  if (!texte) dite.append('\u00a0');
  if (ligne.className === 'attend') dite.prepend(faire('span', { class: 'points', 'aria-hidden': true }, '… '));
  if (ligne.className === 'commande') {
    const copie = bouton('', { class: 'copier', 'aria-label': 'Copier la commande', title: 'Copier' });
    copie.onclick = () => copier(texte.slice(2)).then(
      () => { copie.textContent = '✓'; setTimeout(() => { copie.textContent = ''; }, 1500); },
      () => { copie.textContent = '✗'; });
    rangee.append(copie);
  }
  return rangee;
}

const derniersVolets = {};   // d'une scène, où reprend sa suite
function monter(scene) {
  const etapes = lireLesEtapes(scene);
  const avant = 'suite' in scene.dataset ? derniersVolets[scene.dataset.scene] || {} : {};
  const noms = [...new Set([...Object.keys(avant), ...etapes.map(e => e.nom)])];
  const deFront = noms.length === 4 ? 2 : Math.min(noms.length, 3);
  const volets = {}, ecrans = {}, boite = faire('div', { class: 'volets', style: '--n:' + deFront });
  for (const nom of noms) {
    ecrans[nom] = faire('pre', { tabindex: 0, role: 'group', 'aria-label': 'Terminal ' + nom });
    for (const ligne of avant[nom]?.children || [])
      ecrans[nom].append(faire('div', { class: 'deja' }, ligne.innerText));
    const titre = noms.length > 1 ? [faire('div', { class: 'nom' }, nom)] : [];
    volets[nom] = faire('div', { class: 'volet' }, ...titre, ecrans[nom]);
    boite.append(volets[nom]);
  }
  for (const etape of etapes) {
    etape.bloc = faire('div', {}, ...etape.lignes.map(habiller));
    ecrans[etape.nom].append(etape.bloc);
  }
  derniersVolets[scene.dataset.scene] = ecrans;
  un(':scope > pre', scene).replaceWith(boite);
  if (etapes.length > 1) animer(scene, etapes, volets);
}

function animer(scene, etapes, volets) {
  let montrees = etapes.length;
  const suivante = bouton(''), tout = bouton('Tout montrer'), ou = faire('output', { 'aria-live': 'polite' });
  const peindre = () => {
    const fini = montrees === etapes.length, acteur = montrees && !fini ? etapes[montrees - 1].nom : '';
    etapes.forEach(({ bloc }, i) => {
      bloc.classList.toggle('cache', i >= montrees);
      bloc.classList.toggle('neuf', !fini && i === montrees - 1);
    });
    for (const nom in volets) volets[nom].classList.toggle('agit', nom === acteur);
    scene.classList.toggle('joue', !fini);
    suivante.textContent = fini ? '▶ Pas à pas' : 'Étape suivante ▸';
    tout.hidden = fini;
    ou.textContent = fini ? 'scène ' + scene.dataset.scene + ' · ' + etapes.length + ' étapes'
      : montrees + ' / ' + etapes.length + (acteur && acteur !== 'terminal' ? ' · ' + acteur : '');
  };
  const aller = n => {
    montrees = Math.max(0, Math.min(etapes.length, n));
    peindre();
    if (montrees) etapes[montrees - 1].bloc.scrollIntoView({ block: 'nearest' });
  };
  suivante.onclick = () => aller(montrees === etapes.length ? 1 : montrees + 1);
  tout.onclick = () => { aller(etapes.length); suivante.focus(); };
  scene.addEventListener('keydown', e => {
    if (e.altKey || e.ctrlKey || e.metaKey) return;
    if (e.key === 'ArrowRight' || (e.key === ' ' && e.target.tagName !== 'BUTTON')) suivante.onclick();
    else if (e.key === 'ArrowLeft') aller(montrees - 1);
    else if (e.key === 'Escape') aller(etapes.length);
    else return;
    e.preventDefault();
  });
  scene.append(faire('div', { class: 'commandes' }, suivante, tout, ou));
  peindre();
}
tous('.scene').forEach(monter);

// Ce qui défile de côté se défile aussi au clavier.
const rendreDefilables = () => tous('main pre, .tableau, .image').forEach(e => {
  if (e.scrollWidth > e.clientWidth) e.tabIndex = 0;
});
rendreDefilables();
addEventListener('resize', rendreDefilables);
addEventListener('toggle', rendreDefilables, true);   // une réponse que l'on déplie

// Le papier montre aussi les réponses.
let pliees = [];
addEventListener('beforeprint', () => {
  pliees = tous('details:not([open])');
  pliees.forEach(d => { d.open = true; });
});
addEventListener('afterprint', () => pliees.forEach(d => { d.open = false; }));

// ─── Le sommaire, le thème ───

const nav = un('nav'), menu = un('#menu'), cherche = un('#cherche');
const ouvrir = ouvert => { nav.classList.toggle('ouvert', ouvert); menu.setAttribute('aria-expanded', ouvert); };
menu.onclick = () => ouvrir(!nav.classList.contains('ouvert'));
nav.addEventListener('click', e => e.target.closest('a') && ouvrir(false));

const garder = theme => {
  racine.dataset.theme = theme;
  try { localStorage.theme = theme; } catch { /* une page ouverte d'un fichier peut ne pas en avoir le droit */ }
};
try { if (localStorage.theme) garder(localStorage.theme); } catch { /* de même */ }
un('#theme').onclick = () => {
  const sombre = matchMedia('(prefers-color-scheme: dark)').matches ? 'sombre' : 'clair';
  garder((racine.dataset.theme || sombre) === 'sombre' ? 'clair' : 'sombre');
};

// ─── La recherche : tous les mots dans la section, sans accents ───

const plat = texte => texte.toLowerCase().normalize('NFKD').replace(/[\u0300-\u036f]/g, '');
const sections = tous('main :is(h1, h2, h3)').map(titre => {
  let texte = titre.textContent;
  for (let e = titre.nextElementSibling; e && !/^H[123]$/.test(e.tagName); e = e.nextElementSibling)
    texte += ' ' + e.textContent;
  return { titre, texte: plat(texte), lien: un('nav a[href="#' + CSS.escape(titre.id) + '"]') };
});
cherche.oninput = () => {
  const mots = plat(cherche.value).split(/\s+/).filter(Boolean);
  let nombre = 0;
  for (const section of sections) {
    section.trouvee = mots.every(mot => section.texte.includes(mot));
    section.lien.classList.toggle('trouvee', section.trouvee);
    nombre += section.trouvee;
  }
  for (const ligne of tous('li', nav)) ligne.hidden = !un('a.trouvee', ligne);   // un chapitre reste avec ses sections
  un('#trouves').textContent = mots.length ? (nombre || 'aucune') + (nombre > 1 ? ' sections' : ' section') : '';
};
cherche.onkeydown = e => {
  if (e.key === 'Enter' && cherche.value.trim()) sections.find(s => s.trouvee)?.lien.click();
  if (e.key === 'Escape') { cherche.value = ''; cherche.oninput(); }
};
addEventListener('keydown', e => {
  if (e.key === '/' && e.target.tagName !== 'INPUT') { e.preventDefault(); ouvrir(true); cherche.focus(); }
  if (e.key === 'Escape' && nav.classList.contains('ouvert')) { ouvrir(false); menu.focus(); }
});

// ─── Où l'on est : le dernier titre passé ───

const suivreLaLecture = () => {
  const lue = sections.findLast(s => s.titre.getBoundingClientRect().top < innerHeight * .25) || sections[0];
  if (!lue || lue.lien.hasAttribute('aria-current')) return;
  un('nav [aria-current]')?.removeAttribute('aria-current');
  lue.lien.setAttribute('aria-current', 'location');
  const { top, bottom } = lue.lien.getBoundingClientRect();
  if (top < 0 || bottom > nav.clientHeight) nav.scrollTop += top - nav.clientHeight / 2;
};
const passages = new IntersectionObserver(suivreLaLecture, { rootMargin: '0px 0px -75% 0px' });
sections.forEach(s => passages.observe(s.titre));
