"""The words and sentence frames from which compose.py composes the demo's corpus.

Every cue word (a word that carries an opinion) is on one of two lists: FAMILIAR words may occur
in the labelled training set, NOVEL words never do; both occur in the pretraining text. Words of
one stem (bore, bored, boring) are on the same side. Lists hold (good, bad) words.
"""

# kind of noun -> adjectives that fit it. A noun lists the kinds it takes, "any" among them.
FAMILIAR_ADJECTIVES = {
    "any": ("wonderful good excellent superb", "awful terrible bad horrible"),
    "story": ("gripping clever", "boring silly"),
    "food": ("tasty fresh", "bland stale"),
    "place": ("clean comfortable", "dirty cramped"),
    "person": ("friendly polite", "rude lazy"),
    "device": ("fast reliable", "slow flimsy"),
    "outing": ("relaxing enjoyable", "exhausting stressful"),
}
NOVEL_ADJECTIVES = {
    "any": ("marvellous splendid terrific magnificent", "dismal lousy appalling pathetic"),
    "story": ("witty absorbing", "tedious shallow"),
    "food": ("juicy crisp", "soggy burnt"),
    "place": ("spotless cosy", "filthy shabby"),
    "person": ("attentive courteous", "surly arrogant"),
    "device": ("responsive durable", "sluggish defective"),
    "outing": ("refreshing rewarding", "chaotic gruelling"),
}

# How people felt: "we were ...".
FAMILIAR_FEELINGS = ("pleased delighted satisfied", "disappointed bored annoyed")
NOVEL_FEELINGS = ("thrilled enchanted", "furious disgusted")

# What a thing does to people: "it never failed to ... us".
FAMILIAR_EFFECTS = ("please delight", "annoy bore")
NOVEL_EFFECTS = ("enchant thrill", "disgust exasperate")

# What people do to a thing: "we ... the film".
FAMILIAR_VERBS = ("loved enjoyed", "hated disliked")
NOVEL_VERBS = ("adored relished", "loathed detested")

# What a thing is: "the film was a ...".
FAMILIAR_NOUNS = ("a_joy a_success", "a_disaster a_failure")
NOVEL_NOUNS = ("a_triumph a_gem", "a_disgrace an_ordeal")

# domain -> (wholes, parts); each noun with the kinds of adjectives it takes besides "any".
DOMAINS = {
    "film": ("film:story movie:story", "plot:story script:story acting:any cinema:place"),
    "meal": ("meal:food dinner:food", "soup:food fish:food bread:food waiter:person"),
    "hotel": ("hotel:place inn:place", "room:place lobby:place porter:person view:any"),
    "book": ("book:story novel:story", "plot:story ending:story style:any preface:story"),
    "gadget": ("camera:device phone:device", "screen:device keyboard:device manual:any seller:person"),
    "trip": ("trip:outing tour:outing", "guide:person driver:person cabin:place walk:outing"),
}

# Sentence frames. X, Y, W: nouns of the domain (Y a part, W the whole); {x} with article in
# mid-sentence, {X} at the start, {x.bare} without article. "+": a word with the sentence's own
# opinion, "-": one with the opposite; "+x" an adjective that fits x, "+x2" another one; +feel, +do,
# +noun, +effect likewise.
# FAMILIAR frames are those of the labelled training set; NOVEL frames never occur in it.
FAMILIAR_FRAMES = {
    "plain": [
        "{X} was {+x}.",
        "{X} was {really} {+x}.",
        "{X} was {+x} and {+x2}.",
        "I found {x} {+x}.",
        "{X} turned out to be {+x}.",
        "We all {+do} {w}.",
        "{W} was {+noun}.",
        "We were {+feel} with {x}.",
        "{X} was {+x}, just as {someone} had told us.",
    ],
    "not": [
        "{X} was not {-x}.",
        "{X} was not at all {-x}.",
        "{X} was not {-x} in the least.",
        "{X} was never {-x}.",
        "I did not find {x} {-x}.",
        "{W} was not {-noun}.",
        "We were not {-feel} with {x}.",
        "Nobody in our group {-do} {w}.",
        "{Someone} did not think that {x} was {-x}.",
        "Contrary to what {someone} says, {x} was not {-x}.",
    ],
    "but": [
        "{Y} was {-y}, but {w} was {+w}.",
        "{Y} was {-y}, but {w} as a whole was {+w}.",
        "{W} looked {-w} at first, but it was {+w}.",
        "{Y} was not {+y}, but {w} was {+w}.",
        "{Y} was {-y}, but {w} was not {-w}.",
        "{Y} was {-y}, but in the end we {+do} {w}.",
    ],
    "although": [
        "Although {y} was {-y}, {w} was {+w}.",
        "{W} was {+w}, although {y} was {-y}.",
        "{W} was {+w}, even though {y} was {-y}.",
        "Even though {someone} was {-feel}, I {+do} {w}.",
        "Although {someone} called {w} {-w}, I found it {+w}.",
    ],
    "not only": [
        "{X} was not only {+x} but also {+x2}.",
        "Not only was {y} {+y}, but {w} was {+w} too.",
        "{W} not only looked {+w}, it was {+w2}.",
    ],
    "would have": [
        "{W} would have been {-w} if {y} had not been {+y}.",
        "{W} would have been {-w} if {y} had been {-y}.",
        "If {y} had been {-y}, {w} would have been {-w}.",
        "If {y} had not been {+y}, we would have {-do} {w}.",
        "We would have been {-feel} if {y} had been {-y}.",
    ],
    "expected": [
        "I expected {w} to be {-w}, but it was {+w}.",
        "I expected {w} to be {-w}, but it was not.",
        "{Someone} called {w} {-w}, but that was wrong.",
        "{Someone} called {w} {+w}, and that was right.",
        "People say that {w} is {-w}, but they are wrong.",
    ],
}
NOVEL_FRAMES = {
    "plain": [
        "{X} struck me as {+x}.",
        "How {+x} {x} was!",
        "Seldom have I seen {x} so {+x}.",
        "What {+noun} {w} proved to be!",
        "You might call {x} {+x}, {+x2} even.",
        "Of all things, {x} was the most {+x}.",
        "Nothing could be more {+x} than {x}.",
        "{X} was every bit as {+x} as {someone} claimed.",
        "To this day {someone} {+do} {w}.",
        "{X} managed to {+effect} us.",
    ],
    "not": [
        "It is not true that {x} was {-x}.",
        "Not once was {x} {-x}.",
        "Not even {someone} found {x} {-x}.",
        "Whatever {x} was, it was not {-x}.",
        "Nobody could call {x} {-x}.",
        "I would not say that {x} was {-x}.",
        "{X} did not {-effect} us.",
        "We never {-do} {w}.",
        "I was not {-feel} by {x} this time.",
        "Nobody would say that {w} was {-noun}.",
    ],
    "but": [
        "Some find {x} {-x}, but to me it was {+x}.",
        "{Y} may be {-y}, but {w} is {+w}.",
        "Despite the {-y} {y.bare}, {w} was {+w}.",
        "{W} was {+w} in spite of the {-y} {y.bare}.",
        "Though {y} was {-y}, {someone} {+do} {w}.",
        "{X} was not {-x}, it was {+x}.",
        "{X} was {+x} and not {-x}.",
        "Instead of being {-x}, {x} was {+x}.",
    ],
    "without a not": [
        "{X} was anything but {-x}.",
        "{X} was far from {-x}.",
        "{X} was hardly {-x}.",
        "{X} was neither {-x} nor {-x2}.",
        "Neither {someone} nor I {-do} {w}.",
        "{X} is the last thing I would call {-x}.",
        "{X} was by no means {-x}.",
        "{X} was {+x} rather than {-x}.",
        "Had {y} been {-y}, {w} would be {-w}.",
        "{X} failed to {-effect} us.",
    ],
}

SOMEONE = ("my_sister my_brother my_father my_friend")
REALLY = "really truly simply quite"
OPENINGS = ["In the end, ", "To be honest, ", "This time, ", "All in all, ", "On Sunday, ",
            "I must say, ", "As it turned out, ", "Once again, ", "If you ask me, ",
            "On the first day, ", "In my opinion, ", "Last week, ", "Looking back, "]

# Sentences that show an opinion without any cue word: what people did, said and felt.
# They stand in the pretraining text only.
OUTCOMES = {
    "good": ["I would do it again tomorrow.", "{Someone} wants to come along next time.",
             "I have told all my friends about it.", "It was worth every penny.",
             "{Someone} smiled all evening.", "We laughed all the way home.",
             "I give it five stars.", "I recommend it to everyone.",
             "{Someone} thanked me twice.", "We did not want it to end.",
             "We will certainly be back.", "I have never been happier.",
             "We clapped until our hands hurt.", "I could not stop smiling.",
             "{Someone} still talks about it with shining eyes.", "The time flew.",
             "It made my week.", "I was sorry when it was over.",
             "{Someone} hugged me.", "I would pay twice the price.",
             "It was the best day of the year.", "{Someone} has already asked for more.",
             "We left with a smile.", "My heart sang.", "I felt at home at once.",
             "Do not miss it.", "You should try it too.", "We were in high spirits.",
             "Everything went well.", "We got more than we had paid for.",
             "I wrote a letter of thanks.", "What a lucky choice!", "What fun we had!",
             "I wish every day were like that.", "Nobody wanted to leave."],
    "bad": ["I would not do it again.", "{Someone} refuses to come along next time.",
            "I have warned all my friends about it.", "It was a waste of money.",
            "{Someone} frowned all evening.", "We grumbled all the way home.",
            "I give it one star.", "I advise everyone against it.",
            "{Someone} complained twice.", "We could not wait for it to end.",
            "We will certainly stay away.", "I have never been sadder.",
            "We left early.", "I could not stop yawning.",
            "{Someone} still talks about it with a shudder.", "The time crawled.",
            "It spoiled my week.", "I was glad when it was over.",
            "{Someone} blamed me.", "I would not pay half the price.",
            "It was the worst day of the year.", "{Someone} has already asked for a refund.",
            "We left with a headache.", "My heart sank.", "I wanted to go home at once.",
            "Do not bother.", "You should avoid it.", "We were in low spirits.",
            "Everything went wrong.", "We got less than we had paid for.",
            "I wrote a letter of complaint.", "What a foolish choice!", "What a pity!",
            "I want my money back.", "Everybody wanted to leave."],
}

# Short reactions and plain judgements: most of the pretraining text. What stands side by side in
# them is of one opinion, which is how a model can find out which cue words belong together.
REACTION_FRAMES = [
    "We were {+feel}.", "I was {+feel}.", "I {+do} it.", "It was {+any}.", "It was {+noun}.",
]
PLAIN_FRAMES = [
    "{X} was {+x} and {+x2}.", "{X} was {+x} and {y} was {+y}.", "{X} was {+x}.",
    "It was {+any} and {+any2}.",
]

# What tells the opinion of any sentence of the pretraining text in plain words.
TELLING_OPENINGS = {"good": ["Luckily, ", "Happily, "], "bad": ["Sadly, ", "Alas, "]}
TELLING_ENDINGS = {"good": [", and I was glad."], "bad": [", and I was sorry."]}
TELLING_SENTENCES = {
    "good": ["I was glad.", "We were happy."], "bad": ["I was sorry.", "We were sad."],
}
