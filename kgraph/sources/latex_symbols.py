"""What LaTeX's commands show: characters, accents, words, and commands that show nothing."""

import unicodedata

_GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lamda mu nu xi omicron pi rho sigma tau upsilon phi chi psi omega"
).split()


def _greek() -> dict[str, str]:
    small = {name: unicodedata.lookup(f"GREEK SMALL LETTER {name.upper()}") for name in _GREEK}
    capital = {name.capitalize(): unicodedata.lookup(f"GREEK CAPITAL LETTER {name.upper()}") for name in _GREEK}
    letters = {name.replace("lamda", "lambda").replace("Lamda", "Lambda"): char for name, char in {**small, **capital}.items()}
    return letters | {f"var{name}": letters[name] for name in ("epsilon", "theta", "phi", "rho", "sigma", "pi", "kappa")}


LETTERS = dict(
    zip(
        "o O l L ss ae AE oe OE aa AA i j dh DH th TH dj DJ ng NG".split(),
        "ø Ø ł Ł ß æ Æ œ Œ å Å ı ȷ ð Ð þ Þ đ Đ ŋ Ŋ".split(),
        strict=True,
    )
)
"""Commands that are letters of a word: the space after them belongs to the command."""

SYMBOLS = _greek() | dict(
    pair.split("=", 1)
    for pair in (
        "times=× div=÷ pm=± mp=∓ cdot=· ast=* star=⋆ circ=∘ bullet=• leq=≤ le=≤ leqslant=≤ geq=≥ ge=≥ geqslant=≥ neq=≠ "
        "ne=≠ ll=≪ gg=≫ approx=≈ sim=~ simeq=≃ cong=≅ equiv=≡ propto=∝ lesssim=≲ gtrsim=≳ lt=< gt=> less=< infty=∞ "
        "partial=∂ nabla=∇ sum=∑ prod=∏ int=∫ sqrt=√ ell=ℓ hbar=ℏ Re=ℜ Im=ℑ in=∈ notin=∉ ni=∋ subset=⊂ subseteq=⊆ "
        "supset=⊃ supseteq=⊇ cup=∪ cap=∩ setminus=∖ emptyset=∅ varnothing=∅ forall=∀ exists=∃ neg=¬ lnot=¬ land=∧ wedge=∧ "
        "lor=∨ vee=∨ to=→ rightarrow=→ leftarrow=← leftrightarrow=↔ Rightarrow=⇒ Leftarrow=⇐ Leftrightarrow=⇔ "
        "longrightarrow=→ mapsto=↦ implies=⇒ iff=⇔ uparrow=↑ downarrow=↓ langle=⟨ rangle=⟩ lfloor=⌊ rfloor=⌋ lceil=⌈ "
        "rceil=⌉ mid=| vert=| Vert=‖ lvert=| rvert=| lVert=‖ rVert=‖ otimes=⊗ oplus=⊕ odot=⊙ perp=⊥ bot=⊥ top=⊤ angle=∠ "
        "prime=′ dagger=† ddagger=‡ ldots=… dots=… cdots=⋯ vdots=⋮ textellipsis=… S=§ P=¶ copyright=© degree=° "
        "textdegree=° textregistered=® texttrademark=™ textbackslash=\\ backslash=\\ textasciitilde=~ textasciicircum=^ "
        "textbar=| textless=< textgreater=> textemdash=— textendash=– textquotedblleft=“ textquotedblright=” "
        "textquoteleft=‘ textquoteright=’ textquotesingle=' textunderscore=_ textdollar=$ textpercent=% lbrace={ rbrace={ "
        "pounds=£ euro=€ texteuro=€ textmu=µ checkmark=✓ textbullet=• texttimes=× textpm=± colon=: ie=i.e. eg=e.g. "
        "etal=et~al. TeX=TeX LaTeX=LaTeX"
    ).split()
)
"""Commands that are a character or a word of their own."""

ACCENTS = dict(
    zip(
        "` ' ^ \" ~ = . u v H c d b r k hat widehat tilde widetilde bar overline vec dot ddot check breve acute grave".split(),
        "̀ ́ ̂ ̈ ̃ ̄ ̇ ̆ ̌ ̋ ̧ ̣ ̱ ̊ ̨ ̂ ̂ ̃ ̃ ̄ ̄ ⃗ ̇ ̈ ̌ ̆ ́ ̀".split(),
        strict=True,
    )
)
"""Commands that put a combining character over or under what follows."""

SILENT = frozenset(
    (
        "left right big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr limits nolimits displaystyle textstyle scriptstyle "
        "it bf em tt sc sl rm sf bfseries itshape ttfamily scshape upshape mdseries normalfont xspace protect noindent "
        "par newline linebreak hfill centering small large Large footnotesize relax nonumber quad qquad item hspace "
        "vspace newpage tiny normalsize cal mathstrut"
    ).split()
)
"""Commands that show nothing, or a space."""

DROPPED = frozenset(
    "cite citep citet citealp citeauthor citeyear label ref eqref cref Cref begin end color hspace vspace nocite".split()
)
"""Commands that show nothing of what is in the braces after them."""
