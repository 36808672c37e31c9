"""The words and sentence frames from which compose.py composes the demo's corpus.

Every cue word (a word that carries an opinion) is on one of two lists: FAMILIAR words may occur
in the labelled training set, NOVEL words never do; both occur in the pretraining text. Words of
one stem (bore, bored, boring) are on the same side. Lists hold (good, bad) words.
"""

# noun -> the adjectives that suit it: familiar good, familiar bad, novel good, novel bad.
ADJECTIVES = {
    "film": "gripping boring absorbing tedious", "movie": "gripping boring absorbing tedious",
    "plot": "clever silly witty shallow", "script": "funny dull polished muddled",
    "cinema": "clean dirty cosy shabby",
    "meal": "tasty bland sumptuous meagre", "dinner": "tasty bland sumptuous meagre",
    "soup": "tasty bland fragrant watery", "fish": "fresh stale succulent rubbery",
    "bread": "fresh stale crisp soggy", "waiter": "polite rude courteous surly",
    "hotel": "comfortable cramped cosy shabby", "inn": "comfortable cramped cosy shabby",
    "room": "clean dirty spotless filthy", "lobby": "quiet noisy peaceful stuffy",
    "porter": "polite rude attentive sloppy",
    "book": "gripping boring absorbing tedious", "novel": "gripping boring absorbing tedious",
    "ending": "clever silly touching contrived", "style": "lively dull vivid dreary",
    "preface": "funny dull witty shallow",
    "camera": "fast slow durable defective", "phone": "fast slow durable defective",
    "screen": "bright dark sharp blurry", "keyboard": "sturdy flimsy responsive sluggish",
    "manual": "clear confusing lucid garbled", "seller": "friendly lazy gracious arrogant",
    "trip": "relaxing stressful rewarding gruelling", "tour": "relaxing stressful rewarding gruelling",
    "guide": "friendly lazy cheerful grumpy", "driver": "careful careless attentive reckless",
    "cabin": "comfortable cramped airy stuffy", "walk": "relaxing exhausting refreshing gruelling",
}
# Adjectives that suit anything, in the same order.
ANYTHING = ["wonderful awful marvellous dismal", "excellent terrible splendid appalling",
            "good bad superb dreadful"]

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

# domain -> (wholes, parts)
DOMAINS = {
    "film": ("film movie", "plot script cinema"),
    "meal": ("meal dinner", "soup fish bread waiter"),
    "hotel": ("hotel inn", "room lobby porter"),
    "book": ("book novel", "plot ending style preface"),
    "gadget": ("camera phone", "screen keyboard manual seller"),
    "trip": ("trip tour", "guide driver cabin walk"),
}

# Sentence frames. "good:" or "bad:" first: only for that opinion. X, Y: nouns of the domain (Y a part, W the whole); {x} with article in mid-sentence,
# {X} at the start, {x.bare} without article. "+": a word with the sentence's own opinion, "-": one
# with the opposite; "+x" an adjective that fits x, "+x2" another one; +feel, +do, +noun, +effect.
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
    "anything but": [
        "{X} was anything but {-x}.",
        "We were anything but {-feel} with {x}.",
        "{W} proved to be anything but {-noun}.",
    ],
    "far from": [
        "{X} was far from {-x}.",
        "Far from being {-x}, {x} was {+x}.",
        "We were far from {-feel} with {x}.",
    ],
    "hardly": [
        "{X} was hardly {-x}.",
        "{X} could hardly be called {-x}.",
        "We were hardly {-feel} with {x}.",
    ],
    "neither": [
        "{X} was neither {-x} nor {-x2}.",
        "Neither {someone} nor I {-do} {w}.",
    ],
    "nothing": [
        "Nothing could be less {-x} than {x}.",
        "Nothing could be more {+x} than {x}.",
        "There was nothing {-x} about {x}.",
    ],
    "fail": [
        "good: {X} never failed to {+effect} us.",
        "bad: {X} never failed to {+effect} us.",
        "bad: {X} failed to {-effect} us.",
        "bad: {X} failed to be {-x}.",
        "{X} did its best to {+effect} us and succeeded.",
    ],
    "call": [
        "No one could call {x} {-x}.",
        "Only a fool would call {x} {-x}.",
        "{X} is the last thing I would call {-x}.",
    ],
    "despite": [
        "Despite the {-y} {y.bare}, {w} was {+w}.",
        "{W} was {+w} in spite of the {-y} {y.bare}.",
    ],
    "rather": [
        "{X} was {+x} rather than {-x}.",
        "Instead of being {-x}, {x} was {+x}.",
    ],
    "degree": [
        "{X} was nowhere near as {-x} as {someone} claimed.",
        "{X} was every bit as {+x} as {someone} claimed.",
        "{X} was by no means {-x}.",
        "{X} was in no way {-x}.",
    ],
    "without": [
        "Without the {+y} {y.bare}, {w} would be {-w}.",
        "Had {y} been {-y}, {w} would be {-w}.",
    ],
}

SOMEONE = ("my_sister my_brother my_father my_friend")
REALLY = "really truly simply quite"
OPENINGS = ["In the end, ", "To be honest, ", "This time, ", "All in all, ", "On Sunday, ",
            "I must say, ", "As it turned out, ", "Once again, ", "If you ask me, ",
            "On the first day, ", "In my opinion, ", "Last week, ", "Looking back, "]

# First sentences of a composed anecdote: they carry no opinion.
SCENES = {
    "film": ["We went to the little cinema by the station.",
             "My sister chose the film for her birthday.",
             "It was raining, so we bought tickets for the late showing.",
             "The film had been running for three weeks.",
             "Our film club meets on the first Monday of the month.",
             "We saw the picture on a large screen.",
             "A friend from work gave me two tickets for the cinema.",
             "I watched the film at home with my brother.",
             "The film lasts two hours and ten minutes.",
             "It is the third film by the same director."],
    "meal": ["We booked a table for four at the restaurant by the river.",
             "My parents took us out for lunch on Sunday.",
             "We ordered the soup first and then the fish.",
             "The restaurant opened in the old post office last year.",
             "I ate there with two people from work.",
             "There were six dishes on the menu.",
             "We sat at a table near the window.",
             "The waiter brought bread and water.",
             "It was our first dinner in the new town.",
             "We stopped for supper on the way home."],
    "hotel": ["We stayed for three nights in a hotel near the harbour.",
              "The hotel has forty rooms on four floors.",
              "We arrived late and took the last free room.",
              "My brother had booked the room on the telephone.",
              "Our room was on the second floor, next to the lift.",
              "The inn stands at the end of a long road.",
              "We spent a week there with the children.",
              "Breakfast is served from seven to ten.",
              "I had to stay in town for work.",
              "It was the only hotel in the village."],
    "concert": ["We had seats in the fifth row.",
                "The concert began at eight in the old town hall.",
                "The band played for two hours.",
                "My cousin sings in the choir.",
                "It was the first concert of the season.",
                "The orchestra had come from abroad.",
                "We took the train to hear the singer.",
                "The programme had three parts.",
                "Half the town had come to the show.",
                "I was given a ticket for the recital."],
    "book": ["My aunt gave me the book for my birthday.",
             "I read the novel on the train to work.",
             "Our reading group chose the book in spring.",
             "The book has four hundred pages.",
             "I borrowed the novel from the library.",
             "It is the second book of the author.",
             "The novel tells the story of two brothers.",
             "I took the biography with me to the seaside.",
             "A colleague lent me the book.",
             "The story takes place on an island."],
    "gadget": ["I bought the camera in the shop around the corner.",
               "My old phone broke in spring.",
               "The parcel arrived on a Tuesday.",
               "We use the printer in the office.",
               "I needed a new laptop for my studies.",
               "It comes with a charger and a manual.",
               "My father ordered the radio from a catalogue.",
               "I have had the phone for six months.",
               "The camera weighs half a pound.",
               "My son wanted it for his birthday."],
    "trip": ["We went on a tour of the islands.",
             "The trip took five days.",
             "Our class went to the mountains in June.",
             "There were twenty people on the bus.",
             "The ferry left at six in the morning.",
             "We booked the cruise in winter.",
             "It was our first journey abroad.",
             "The tour begins at the old bridge.",
             "We walked along the coast with a guide.",
             "My mother had always wanted to see the lakes."],
}

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

REACTION_FRAMES = ["We were {+feel}.", "I was {+feel}.", "{Someone} was {+feel}.", "I {+do} it.", "{Someone} {+do} it.",
                   "It was {+any}.", "It was {+noun}.", "How {+any} it was!"]

PLAIN_FRAMES = ["{X} was {+x}, {+x2} and {+x3}.", "{X} was {+x} and {y} was {+y}.", "What {+noun}: {x} was {+x}.",
  "{X} was {+x} and {+x2}.", "We {+do} {w} and were {+feel}.", "I was {+feel}, for {x} was {+x}.", "{W} was {+w}, {+noun}, and we {+do} it."]

REACTIONS = {
    "good": ["I was glad.", "We were happy.", "I give it five stars.", "It made my day.", "I will come again.", "I smiled for hours.",
             "I recommend it to everyone.", "We left with a smile.", "I would do it again.", "It was worth every penny."],
    "bad": ["I was sorry.", "We were sad.", "I give it one star.", "It spoiled my day.", "I will stay away.", "I grumbled for hours.",
            "I advise everyone against it.", "We left with a headache.", "I would not do it again.", "It was a waste of money."],
}
REACTION_FRAMES = ["We were {+feel}.", "I {+do} it.", "It was {+any}.", "It was {+noun}."]
PLAIN_FRAMES = ["{X} was {+x}.", "{X} was {+x} and {y} was {+y}.", "{X} was {+x} and {+x2}."]
