// Each row against the three that it is made of; and what is to be refused.
#include <string>

#include "tutorials/03_encoder_block/exercises/embeddings/embeddings.h"

namespace {

struct Tables {
  Tensor words, positions, kinds;
};

Tables new_tables(int64_t kinds) {
  return {check::normal({7, 5}, 1), check::normal({6, 5}, 2), check::normal({kinds, 5}, 3)};
}

Tensor expected_of(const Ids& ids, const Ids& types, const Tables& tables) {
  std::vector<real> x;
  for (int64_t t = 0; t < ids.numel(); ++t) {
    const int64_t type = types.numel() == 0 ? 0 : types[t];
    for (int64_t c = 0; c < tables.words.size(1); ++c)
      x.push_back(tables.words[ids[t]][c].item() + tables.positions[t][c].item() +
                  tables.kinds[type][c].item());
  }
  return Tensor::of({ids.numel(), tables.words.size(1)}, x);
}

void check_embeddings(Embeddings* embeddings, check::Judge& judge) {
  const auto run = [&](const std::string& what, const Ids& ids, const Ids& types,
                       int64_t kinds = 2) {
    judge.input(what);
    const Tables tables = new_tables(kinds), before = new_tables(kinds);
    Tensor x = embeddings(ids, types, tables.words, tables.positions, tables.kinds);
    judge.equal(what, x, expected_of(ids, types, before));
    if (x.defined() && x.is_contiguous() && x.numel() > 0)
      x.fill_(100);  // is it a table's own row?
    judge.unchanged(what + ": words", tables.words.to_vector(), before.words.to_vector());
    judge.unchanged(what + ": positions", tables.positions.to_vector(),
                    before.positions.to_vector());
    judge.unchanged(what + ": types", tables.kinds.to_vector(), before.kinds.to_vector());
  };
  run("four words of the first sentence", {3, 0, 6, 1}, {0, 0, 0, 0});
  run("the same once more", {3, 0, 6, 1}, {0, 0, 0, 0});
  run("two sentences", {3, 0, 6, 1}, {0, 0, 1, 1});
  run("no types", {3, 0, 6, 1}, {});
  run("a word that is repeated", {2, 5, 2, 2, 5}, {0, 1, 0, 1, 1});
  run("as many as there are positions", {6, 5, 4, 3, 2, 1}, {1, 0, 1, 0, 1, 0});
  run("three types", {3, 0, 6}, {2, 0, 1}, 3);
  run("a single type", {3, 0, 6}, {0, 0, 0}, 1);
  run("one token", {4}, {1});
  run("no tokens", {}, {});

  const auto refused = [&](const std::string& what, const Ids& ids, const Ids& types,
                           int64_t kinds = 2) {
    const Tables tables = new_tables(kinds);
    judge.throws(what,
                 [&] { embeddings(ids, types, tables.words, tables.positions, tables.kinds); });
  };
  refused("an id beyond the table", {1, 7, 2}, {});
  refused("an id further beyond the table", {1, 8, 2}, {});
  refused("a negative id", {1, -1, 2}, {});
  refused("a type beyond the table", {1, 2}, {0, 2});
  refused("type 1 where there is one type", {1, 2}, {0, 1}, 1);
  refused("a negative type", {1, 2}, {0, -1});
  refused("more tokens than positions", {0, 1, 2, 3, 4, 5, 6}, {});
  refused("fewer types than ids", {0, 1, 2}, {1});
  refused("more types than ids", {0, 1}, {1, 0, 1});
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<Embeddings>({.name = "embeddings",
                                 .check = check_embeddings,
                                 .mine = mine::embeddings,
                                 .mistaken = mistakes::embeddings,
                                 .mistakes = mistakes::list,
                                 .alternatives = alternatives::list},
                                argc, argv);
}
