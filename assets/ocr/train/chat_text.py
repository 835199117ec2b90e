"""Text of chat lines: a grammar of names, stamps, channels, links, numbers, shouting and small talk.

Look-alikes (`0O o`, `1lI|`, `rn m`, `5S`) are common on purpose: they are what readers confuse. Nothing comes from a
recording. Words are those of Debian's word lists, where installed, and the small lists below.
"""

import os
import random

ASCII = "".join(chr(c) for c in range(33, 127))
LETTERS = "abcdefghijklmnopqrstuvwxyz"
WESTERN = "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿ"
CENTRAL = "ĂăĄąĆćČčĎďĐđĒēĖėĘęĚěĞğİıĪīĮįĹĺĽľŁłŃńŇňŌōŐőŒœŔŕŘřŚśŞşŠšŤťŪūŮůŰűŹźŻżŽžȘșȚț"
SYMBOLS = "¡¿«»„“”‘’–—…€£°·•×→←★♥©®™§±²³½"
CHARSET = " " + ASCII + WESTERN + CENTRAL + SYMBOLS
# Hardly ever typed, and a 3 that is cut off looks like one: they come a tenth as often.
RARE = "²³½±"

COMMON = """the to and a of is it you that in we for on are with be this have not at me my do but so if your what can just
all get go one no there up was like know they out he when how now im dont its or as good from time want need see
then will would here think who them some did back where had come right about yeah still too been more make only why an
well us off after our has really over got play game sorry take ok than could last never again lets wait let him way him
help give team kill win lost lose first next two three down left server map round base red blue flag ball door boss
mid top bot jungle heal tank shot nice try gun sniper camp rush push hold cover side behind main ammo hp mana level xp
quest raid guild party group trade sell buy gold coins item sword bow shield armor potion spawn run hide stop""".split()
SLANG = """lol lmao rofl gg ggwp wp gl hf glhf afk brb omg wtf idk imo btw thx ty np pls plz plx noob n00b nub ez rekt pwned
haha hahaha hehe xD ns ss inc mb gj ffs ikr smh tbh nvm ofc rn atm gtg cya hey hi hello yo sup bye cu re o/ \\o m8 l8r
w8 u r ur ya yep yup nope nah kk okay k y n thanks thank grats gz wb lag laggy dc afk wts wtb lf lfm lf1m lfg dps hps aoe
buff nerf op meta gank carry feed feeder troll hacker cheater aimbot wallhack ban kick mute vote surrender ff gg ez
oom cd ult ulti flash smoke nade awp ak47 m4 rpg c4 glock lvl lvls lvl1 dmg crit pvp pve pst inv lf2m lf3m lfr wtt omw gn jk irl
fyi ttyl ppl rly srsly gratz gimme lemme wanna gonna cmon alr tyt tysm nvmd lul kek welp oof ult'd isn't i'm i'll it's don't can't
I I'm I'll Illegal Ill All Iron Ilu LOL kill'em l1 I1 lol1""".split()
EMOTES = [":)", ":(", ":D", ";)", ":P", "xD", ":-)", "<3", ":o", "^^", "-_-", ":/", "=)", "T_T", ">:(", "o_O", "O.o", "\\o/", "¯\\_", ":3", "XD", "D:", ";-)", "...", "!!", "!!!", "??", "?!", "???"]
CHANNELS = ["General", "Trade", "Guild", "Party", "Raid", "Team", "All", "Local", "Global", "World", "Say", "Yell", "Whisper",
            "Officer", "LFG", "Lobby", "System", "Server", "Admin", "Info", "Clan", "Squad", "Zone", "Area", "Public", "Private",
            "TEAM", "ALL", "CLAN", "SERVER", "DEAD", "SPEC", "1. General", "2. Trade", "Spectator", "Observer", "Allies"]
EVENTS = ["has joined the game", "left the game", "joined the server", "has left", "disconnected", "connected", "killed",
          "was killed by", "was slain by", "destroyed by", "captured the flag", "has the flag", "dropped the flag", "picked up",
          "entered and joined the game", "has entered the room", "timed out", "is now known as", "changed name to", "voted yes",
          "joined the red team", "joined the blue team", "has reached level", "gained", "received", "rolled", "finished in",
          "called vote to", "got the flag", "shot by", "fell from a high place", "drowned", "was kicked", "went spectator",
          "invited you to", "wins the round", "started a vote", "unlocked", "looted", "you have been", "is away", "joins", "quits"]
SYLLABLES = """ka lo ri mi sha dow dark night wolf blade fire ice storm x zer o max pro sniper ninja king lord queen dra gon
gam er bot dog cat panda bear toxic ghost killer hunter shadow knight mage rogue elf orc troll star sky moon sun void neo cyber
zen kill joy lil big mad evil holy red blue nova vex ryn thal mor gan bel ari el dor wen lin far ro ger tom my jon an na eva
ste fan mar co lu cas pet er illi lill mill roll gill null""".split()
LISTS = {"american-english": 6, "ngerman": 2, "french": 2, "spanish": 2, "italian": 1, "polish": 2, "portuguese": 1, "swedish": 1, "dutch": 1}


class ChatText:
    """Lines of chat by a seeded `random.Random`; `line()` gives a list of (text, role), role one of `ROLES`."""

    ROLES = ("stamp", "channel", "name", "text", "link")

    def __init__(self, folder="/usr/share/dict", charset=CHARSET):
        self.charset = frozenset(charset)
        self.words, self.accented = [], []
        for name, weight in LISTS.items():
            path = os.path.join(folder, name)
            if not os.path.exists(path):
                continue
            with open(path, encoding="utf-8", errors="replace") as file:
                words = [w.strip() for w in file]
            words = [w for w in words if 1 < len(w) < 13 and set(w) <= self.charset]
            self.words.append((weight, words))
            self.accented += [w for w in words if not w.isascii()]
        if not self.words:
            self.words.append((1, COMMON))

    def line(self, rng: random.Random, most: int = 64, western: bool = True):
        """One line of at most `most` characters; `western`: whether letters beyond ASCII may come."""
        self.western = western
        kind = rng.random()
        parts = []
        if rng.random() < 0.22:
            parts += [(self._stamp(rng), "stamp"), (" ", "text")]
        if rng.random() < 0.2:
            parts += [(self._channel(rng), "channel"), (" ", "text")]
        if kind < 0.16:
            parts += self._event(rng)
        elif kind < 0.3:
            parts.append((self._talk(rng), "text"))
        elif kind < 0.4:
            parts.append((self._noise(rng), "text"))
        else:
            parts += self._said(rng)
        return _clip(_squeeze(parts), most)

    def name(self, rng):
        kind = rng.random()
        if kind < 0.1:
            return self._mix(rng, LETTERS + LETTERS.upper() + "0123456789_-", rng.randint(3, 12))
        if kind < 0.2:
            return self._mix(rng, "0OoQD1lI|iLj5SsrnmvwVWuU8B6bG9gqcCeza2Z", rng.randint(3, 9)).strip() or "Il1"
        name = "".join(rng.choice(SYLLABLES) for _ in range(rng.choice((1, 2, 2, 2, 3))))
        if kind < 0.5:
            name = name.capitalize()
        elif kind < 0.56:
            name = name.upper()
        elif kind < 0.66:
            name = name[: len(name) // 2].capitalize() + name[len(name) // 2 :].capitalize()
        elif kind < 0.72:
            name = name.translate(str.maketrans("oiesatl", "0135471" if rng.random() < 0.5 else "01esat1"))
        if rng.random() < 0.1:
            name += "_" + self.name(rng) if rng.random() < 0.5 else f"{rng.randint(0, 12):02}"
        elif rng.random() < 0.3:
            name += rng.choice(("", "_", "-", ".")) + str(rng.choice((1, 2, 3, 7, 11, 13, 42, 69, 77, 99, 123, 666, 1337, 2000, rng.randint(0, 9999))))
        if rng.random() < 0.08:
            name = rng.choice(("xX_{}_Xx", "[{}]", "_{}_", "-={}=-", "~{}~", "{}^", "*{}*", "the_{}", "{} jr", "{}.exe", "|{}|")).format(name)
        if rng.random() < 0.15:
            # Channels come in the same brackets and with a space: whether there is one must be seen.
            kind = rng.random()
            if kind < 0.4:
                tag = self._mix(rng, LETTERS.upper() + "0123456789", rng.randint(2, 4))
            else:
                tag = rng.choice(SYLLABLES) if kind < 0.6 else rng.choice(CHANNELS).replace(" ", "")
                tag = rng.choice((tag, tag.upper(), tag.capitalize()))
            tagged = ("[{}]{}", "[{}]{}", "[{}]{}", "[{}] {}", "<{}>{}", "<{}> {}", "{}|{}", "({}){}", "={}= {}", "{}.{}", "{{{}}}{}", "|{}|{}")
            name = rng.choice(tagged).format(tag, name)
        if self.western and rng.random() < 0.04:
            name += rng.choice(WESTERN + CENTRAL)
        return name

    def _stamp(self, rng):
        h, m, s = rng.randint(0, 23), rng.randint(0, 59), rng.randint(0, 59)
        return rng.choice((f"[{h:02}:{m:02}]", f"[{h:02}:{m:02}:{s:02}]", f"{h:02}:{m:02}", f"({h}:{m:02})", f"{h:02}:{m:02}:{s:02}",
                           f"[{h % 12 + 1}:{m:02} {'AP'[h > 11]}M]", f"[{m}:{s:02}]", f"<{h:02}:{m:02}>", f"{m:02}:{s:02} |"))

    def _channel(self, rng):
        c = rng.choice(CHANNELS)
        return rng.choice((f"[{c}]", f"[{c}]", f"({c})", f"<{c}>", f"{c}:", f"*{c}*", f"[{c[0]}]", f"/{c[0].lower()}", f"{{{c}}}", f"#{c.lower()}"))

    def _said(self, rng):
        name = self.name(rng)
        before, after = rng.choice((("", ": "), ("", ": "), ("", ": "), ("", ":  "), ("<", "> "), ("[", "]: "), ("[", "] "), ("", " says: "), ("", " > "), ("* ", " "),
                                    ("(", "): "), ("", " - "), ("", " » "), ("@", " "), ("To ", ": "), ("From ", ": "), ("*DEAD* ", " : "), ("", " [2]: "), ("", " whispers: ")))
        if not self.western:
            after = after.replace("»", ">")
        text = self._talk(rng) if rng.random() < 0.9 else self._noise(rng)
        return [(before, "text"), (name, "name"), (after, "text"), *self._linked(rng, text)]

    def _linked(self, rng, text):
        if rng.random() > 0.06:
            return [(text, "text")]
        item = " ".join(self._word(rng).capitalize() for _ in range(rng.randint(1, 3)))
        return [(text + " ", "text"), (rng.choice(("[{}]", "[{}]x3", "<{}>", "({})")).format(item), "link")]

    def _event(self, rng):
        what = rng.choice(EVENTS)
        parts = [(rng.choice(("", "", "*** ", "* ", "--> ", "# ", "-!- ", "'", "Player ", "» " if self.western else "> ")), "text"), (self.name(rng), "name"), (" " + what, "text")]
        if rng.random() < 0.45:
            parts += [(" ", "text"), (self.name(rng), "name")]
        elif rng.random() < 0.3:
            parts.append((f" {rng.randint(0, 999)}{rng.choice(('', '.', '%', ' gold', ' XP', ' (127)', '/100', ' m', 's'))}", "text"))
        if rng.random() < 0.35:
            parts.append((rng.choice((".", "!", " (quit)", " [1/3]", " :(", "...", " (Ping timeout)", " [AFK]")), "text"))
        return parts

    def _word(self, rng):
        kind = rng.random()
        if kind < 0.48:
            return rng.choice(COMMON)
        if kind < 0.62:
            return rng.choice(SLANG)
        if kind < 0.86:
            if self.western and self.accented and kind > 0.84:
                return rng.choice(self.accented)
            lists = self.words if self.western else self.words[:1]
            (words,) = rng.choices([w for _, w in lists], [n for n, _ in lists])
            return rng.choice(words)
        if kind < 0.93:
            return self._number(rng)
        if kind < 0.96:
            return self.name(rng)
        return self._mix(rng, LETTERS, rng.randint(1, 7))

    @staticmethod
    def _symbol(rng):
        return rng.choice(_frequent(rng))

    def _number(self, rng):
        n = rng.randint(0, 10 ** rng.randint(1, 5))
        return rng.choice((f"{n}", f"{n}", f"{n}%", f"{n}k", f"{n:,}", f"+{n}", f"-{n}", f"{n}/{n + 7}", f"{n}x", f"#{n}", f"{n}.{n % 10}", f"${n}", f"({n})", f"[{n}]", f"x{n}", f"{n % 60}:{n % 60:02}"))

    def _talk(self, rng):
        words = [self._word(rng) for _ in range(min(14, 1 + int(rng.expovariate(0.22))))]
        if rng.random() < 0.03:
            words.append(rng.choice(("http://", "https://", "www.", "discord.gg/", "")) + self._mix(rng, LETTERS + "0123456789", rng.randint(4, 9)).strip() + rng.choice((".com", ".net/x?id=1", ".org", "/", ".gg")))
        text = " ".join(words)
        if rng.random() < 0.12:
            text = text.upper()
        elif rng.random() < 0.3:
            text = text[:1].upper() + text[1:]
        if rng.random() < 0.3:
            text = text.replace(" ", rng.choice((", ", ". ", "! ", "? ", "... ", " - ", "/")), 1)
        if rng.random() < 0.25:
            # A comma is a full stop but for two pixels: anywhere, so that no word tells which it is.
            words = [word + rng.choice((",", ",", ".")) if rng.random() < 0.3 else word for word in text.split(" ")]
            text = " ".join(words)
        if rng.random() < 0.4:
            text += rng.choice((".", "!", "?", "...", "!!", "??", "!!!", "?!", ",", ":", ";", "'", '"', ")", "~", "…" if self.western else "."))
        if rng.random() < 0.12:
            text += " " + rng.choice(EMOTES)
        if rng.random() < 0.04:
            text = rng.choice(('"{}"', "'{}'", "({})", "*{}*", "<{}>", "/me {}", "/w {}", "@{}")).format(text)
        if self.western and rng.random() < 0.05:
            text += " " + self._symbol(rng)
        elif self.western and rng.random() < 0.03:
            text = rng.choice(("¡{}!", "¿{}?", "«{}»", "„{}“", "“{}”", "{} €", "{}°")).format(text)
        return text if set(text) <= self.charset else "".join(c for c in text if c in self.charset)

    def _noise(self, rng):
        """Text without sense, so that the network cannot lean on words alone; rare letters get their share."""
        alphabet = rng.choice((ASCII, ASCII, LETTERS + LETTERS.upper() + "0123456789", "il1I|!jJLtf", "0OoQDCGcea86", "rnmvwuUVWM", "5S2Zz8B", ".,:;'\"`!?-_", "()[]{}<>/\\|"))
        if self.western and rng.random() < 0.35:
            alphabet = rng.choice((WESTERN, CENTRAL, _frequent(rng), WESTERN + LETTERS, CENTRAL + LETTERS))
        return " ".join(self._mix(rng, alphabet, rng.randint(1, 8)) for _ in range(rng.randint(1, 6)))

    @staticmethod
    def _mix(rng, alphabet, length):
        return "".join(rng.choice(alphabet) for _ in range(length))


def _frequent(rng):
    """The symbols, mostly without the rare ones."""
    return SYMBOLS if rng.random() < 0.1 else "".join(c for c in SYMBOLS if c not in RARE)


def _squeeze(parts):
    """No two spaces in a row, none at the ends: a picture does not tell how many there are."""
    out, last = [], " "
    for text, role in parts:
        kept = ""
        for c in text:
            if c != " " or last != " ":
                kept += c
            last = c
        if kept:
            out.append((kept, role))
    return out


def _clip(parts, most):
    out, left = [], most
    for text, role in parts:
        if left <= 0:
            break
        out.append((text[:left], role))
        left -= len(text)
    while out and out[-1][0].rstrip() == "":
        out.pop()
    if out:
        out[-1] = (out[-1][0].rstrip(), out[-1][1])
    return out or [("ok", "text")]
