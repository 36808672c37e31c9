// Chapter 9: tokens. How a text becomes the whole numbers that BERT reads, stage by stage; each stage
// as it should be, and as people get it wrong. README.md beside this file tells the story and shows
// the parts between the markers.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/ops.h"
#include "models/bert/load.h"
#include "text/more/explain_tokens.h"
#include "text/truncation.h"
#include "tutorials/09_tokens/figures.h"
#include "tutorials/09_tokens/parts.h"
#include "tutorials/09_tokens/wrong.h"
#include "tutorials/figure.h"

using cairn::Encoding;
using cairn::Ids;
using cairn::Rows;
using cairn::Tensor;

namespace {

const char* const review = "Zoë's soup: un\u00adforgettable, 5 €!";

void begin(const char* part) { std::printf("\n[%s]\n", part); }

double share(size_t part, size_t whole) {
  return 100 * static_cast<double>(part) / static_cast<double>(whole);
}

// ---- characters ----

// [code_point]
// The number of the character that begins at p, which is moved behind it.
char32_t code_point(const char*& p) {
  const unsigned first = static_cast<unsigned char>(*p++);
  const int more = first < 0x80 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
  char32_t number = more == 0 ? first : first & (0x3F >> more);
  for (int i = 0; i < more; ++i) number = number * 64 + (static_cast<unsigned char>(*p++) & 0x3F);
  return number;
}
// [/code_point]

void characters() {
  std::printf("  character   number    bytes\n");
  for (const std::string c : {"A", "é", "€", "中", "😀"}) {
    const char* p = c.c_str();
    const char32_t number = code_point(p);
    std::printf("  %s%s  U+%04X %s", c.c_str(), number < 0x3000 ? "         " : "        ",
                static_cast<unsigned>(number), number > 0xFFFF ? " " : "  ");
    for (const char byte : c) std::printf(" %02x", static_cast<unsigned char>(byte));
    std::printf("\n");
  }
  const std::string text = "naïve café, 5 €, 中文 😀";
  int count = 0;
  for (const char* p = text.c_str(); *p; ++count) code_point(p);
  std::printf("\"%s\": %d characters, %zu bytes\n", text.c_str(), count, text.size());
}

// [cut]
// A program that shortens texts, byte by byte.
void cut() {
  const std::string text = "Zoë's soup", shorter = text.substr(0, 3);
  try {
    the_tokenizer().encode(shorter);
  } catch (const cairn::Error& error) {
    std::printf("%s\n", error.what());
  }
}
// [/cut]

// [spellings]
// Two spellings of one word, in a vocabulary that has it with its accent and without.
void spellings() {
  const std::string one = "café", two = "cafe\u0301";
  const std::vector<std::string> tokens{"[PAD]",  "[UNK]", "[CLS]", "[SEP]",
                                        "[MASK]", "café",  "cafe"};
  const BertTokenizer kept(tokens, {.strip_accents = false}), stripped(tokens);
  std::printf("  bytes   accents kept   accents stripped\n");
  for (const std::string& text : {one, two})
    std::printf("  %5zu   id %-9d   id %d\n", text.size(), kept.pieces(text)[0],
                stripped.pieces(text)[0]);
}
// [/spellings]

// ---- the vocabulary ----

void sizes() {
  size_t words = 0;
  const std::vector<std::string> texts = texts_of("train.tsv");
  for (const std::string& text : texts) words += words_of(text).size();
  std::printf("  tokens in the vocabulary   tokens per word   words that are [UNK]\n");
  for (const int64_t size : {40, 60, 100, 200, 400, 1000}) {
    const BertTokenizer tokenizer(vocabulary_of(size));
    size_t tokens = 0, unknown = 0;
    for (const std::string& text : texts)
      for (const int32_t id : tokenizer.pieces(text)) ++tokens, unknown += id == tokenizer.unk();
    std::printf("  %24d   %15.2f   %18.1f %%\n", static_cast<int>(tokenizer.size()),
                static_cast<double>(tokens) / static_cast<double>(words), share(unknown, words));
  }
}

// [match]
// What fits at each place of a word, and what is taken.
void match(const std::string& word, const WordPiece& vocabulary) {
  for (size_t at = 0; at < word.size();) {
    const std::vector<std::string> fit = tokens_that_fit(word, at, vocabulary);
    std::printf("  %-13s", word.substr(at).c_str());
    for (const std::string& token : fit) std::printf(" %s", token.c_str());
    if (fit.empty()) return (void)std::printf(" nothing fits: the word is [UNK]\n");
    std::printf(": %s is taken\n", fit.back().c_str());
    at += fit.back().size() - (at ? 2 : 0);
  }
}
// [/match]

void matches() {
  const BertTokenizer& tokenizer = the_tokenizer();
  const WordPiece vocabulary(tokenizer.tokens(), tokenizer.unk());
  match("wonderfully", vocabulary);
  match("unhappily", vocabulary);
  begin("greedy");
  match("themes", WordPiece({"[UNK]", "the", "them", "##mes", "##e"}, 0));
}

// [unknown]
// How many of a text's words are [UNK], and what is left of it.
void unknown() {
  const BertTokenizer& tokenizer = the_tokenizer();
  size_t all = 0, lost = 0;
  for (const std::string& text : texts_of("test_unseen.tsv"))
    for (const int32_t id : tokenizer.pieces(text)) ++all, lost += id == tokenizer.unk();
  std::printf("280 sentences that were never seen: %zu of %zu tokens are [UNK]\n", lost, all);
  for (const char* text : {"A flibbertigibbet!", "Schöne Grüße aus Köln", "Phở từ Việt Nam",
                           "5 minutes, 3/4 of it good", "味はとても良い", "I am 😀"}) {
    const Tokens ids = tokenizer.pieces(text);
    std::printf("  %zu of %zu words: %s\n    -> %s\n",
                static_cast<size_t>(std::count(ids.begin(), ids.end(), tokenizer.unk())),
                words_of(text).size(), text, tokenizer.decode(ids, false).c_str());
  }
}
// [/unknown]

// ---- one stage wrong ----

void one_stage_wrong() {
  const std::pair<const char*, Tokens (*)(const std::string&)> tokenizers[] = {
      {"as it should be", [](const std::string& text) { return the_tokenizer().pieces(text); }},
      {"whole words, no pieces", whole_words},
      {"capitals kept", capitals_kept},
      {"split at spaces alone", split_at_spaces},
      {"no difference between ed and ##ed", without_hashes},
  };
  const std::vector<std::string> texts = texts_of("test_unseen.tsv");
  std::printf("  what is done                        texts with other tokens   words lost\n");
  size_t words = 0;
  for (const std::string& text : texts) words += words_of(text).size();
  for (const auto& [name, pieces] : tokenizers) {
    size_t other = 0, lost = 0;
    for (const std::string& text : texts) {
      const Tokens ids = pieces(text);
      other += ids != the_tokenizer().pieces(text);
      lost += static_cast<size_t>(std::count(ids.begin(), ids.end(), the_tokenizer().unk()));
    }
    std::printf("  %-36s %11zu of %zu %10.1f %%\n", name, other, texts.size(), share(lost, words));
  }
}

// ---- special tokens and pairs ----

void print_encoding(const Encoding& e) {
  std::string names = "  ", ids = "  ", types = "  ";
  for (size_t i = 0; i < e.ids.size(); ++i) {
    const std::string& token = the_tokenizer().token(e.ids[i]);
    const auto cell = [&](const std::string& text) {
      return std::string(std::max<size_t>(token.size(), 3) + 1 - text.size(), ' ') + text;
    };
    names += cell(token), ids += cell(std::to_string(e.ids[i]));
    types += cell(std::to_string(e.token_types[i]));
  }
  std::printf("%s\n%s\n%s\n", names.c_str(), ids.c_str(), types.c_str());
}

// [specials]
// What is in the first row, from which BERT's answer is made, if nobody puts [CLS] there?
void first_rows() {
  std::map<int32_t, size_t> first;
  const std::vector<std::string> texts = texts_of("test_unseen.tsv");
  for (const std::string& text : texts) ++first[the_tokenizer().pieces(text)[0]];
  const auto most = std::max_element(
      first.begin(), first.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  std::printf("without [CLS]: %zu different first tokens, most often \"%s\" (%.0f %%)\n",
              first.size(), the_tokenizer().token(most->first).c_str(),
              share(most->second, texts.size()));
}

// A text that has been encoded already is encoded once more, as if its ids were words.
void twice() {
  std::string numbers;
  for (const int32_t id : the_tokenizer().encode("The soup was good.").ids)
    numbers += std::to_string(id) + " ";
  std::printf("tokenizer(ids): %s\n  -> %s\n", numbers.c_str(),
              tokens_of(the_tokenizer().encode(numbers).ids).c_str());
}
// [/specials]

// ---- too long ----

// [authors]
// As BERT's authors cut a pair: one id at a time, from the first text only if it is the longer one.
std::pair<size_t, size_t> one_at_a_time(size_t first, size_t second, size_t max_ids) {
  while (first + second > max_ids) first > second ? --first : --second;
  return {first, second};
}
// [/authors]

void truncation() {
  std::printf("   ids of the two   room    each half   longest first   BERT's authors\n");
  const size_t cases[][3] = {{5, 20, 30}, {5, 20, 16}, {20, 5, 16}, {12, 20, 15}, {20, 12, 15}};
  for (const auto& [first, second, room] : cases) {
    const auto longest = cairn::truncate_pair(first, second, room);
    const auto authors = one_at_a_time(first, second, room);
    std::printf("  %6zu and %2zu     %2zu   %4zu and %2zu     %4zu and %2zu      %4zu and %2zu\n",
                first, second, room, std::min(first, room / 2), std::min(second, room / 2),
                longest.first, longest.second, authors.first, authors.second);
  }
}

// ---- where a token came from ----

void offsets() {
  const std::string text = "Zoe\u0308's soup: un\u00adforgettable!";
  for (const Located& p : located_pieces(text))
    std::printf("  %-6s word %zu, bytes %2zu to %2zu  \"%s\"\n", p.token.c_str(), p.word, p.begin,
                p.end, text.substr(p.begin, p.end - p.begin).c_str());
  size_t equal = 0;
  const std::vector<std::string> texts = texts_of("train.tsv");
  for (const std::string& line : texts) {
    std::string tokens;
    for (const Located& p : located_pieces(line)) tokens += (tokens.empty() ? "" : " ") + p.token;
    equal += tokens == tokens_of(the_tokenizer().pieces(line));
  }
  std::printf("the library's tokens in %zu of %zu texts\n", equal, texts.size());
}

// [labels]
// Names in a sentence: a label for each word. Its tokens with [CLS] and [SEP], padded to 32.
void labels() {
  const std::string text = "Ada Lovelace liked Milan.";
  const std::vector<std::string> of_words{"B-PER", "I-PER", "O", "B-LOC", "O"};
  const std::vector<Located> pieces = located_pieces(text);
  std::vector<std::string> copied = of_words, aligned{"-"};  // "-": not asked, not counted
  copied.resize(32, "O");                                    // as a tutorial has it
  for (size_t i = 0; i < pieces.size(); ++i)
    aligned.push_back(i && pieces[i].word == pieces[i - 1].word ? "-" : of_words[pieces[i].word]);
  aligned.resize(32, "-");
  size_t right = 0, asked = 0, outside = 0, padded_outside = 0;
  std::printf("  token   copied  aligned\n");
  for (size_t i = 0; i < 32; ++i) {
    const bool real = i > 0 && i <= pieces.size();
    if (i <= pieces.size() + 1)
      std::printf("  %-7s %-7s %s\n",
                  real ? pieces[i - 1].token.c_str()
                  : i  ? "[SEP]"
                       : "[CLS]",
                  copied[i].c_str(), aligned[i].c_str());
    padded_outside += copied[i] == "O";
    if (aligned[i] == "-") continue;
    ++asked, right += copied[i] == aligned[i], outside += aligned[i] == "O";
  }
  std::printf("right labels of %zu words: %zu if copied\n", asked, right);
  std::printf(
      "a model that says O everywhere: %.0f %% if copied, %.0f %% if aligned, names found: 0\n",
      share(padded_outside, 32), share(outside, asked));
}
// [/labels]

// ---- a trained model ----

std::string minilm() {
  const char* variable = std::getenv("CAIRN_SHARED");
  const std::string shared = variable ? variable : "../shared";
  for (const std::string& folder : {std::string("data/minilm-l6"), shared + "/data/minilm-l6"})
    if (std::filesystem::exists(folder + "/model.safetensors")) return folder;
  return "";
}

void a_trained_model() {
  const std::string folder = minilm();
  if (folder.empty())
    return (void)std::printf("SKIPPED: MiniLM is not here; `make minilm` fetches it\n");
  auto model = cairn::from_pretrained<cairn::BertModel>(folder, {.requires_grad = false});
  const BertTokenizer tokenizer = BertTokenizer::from_pretrained(folder);
  const BertTokenizer cased(tokenizer.tokens(), {.lower_case = false, .strip_accents = true});
  const BertTokenizer accents(tokenizer.tokens(), {.strip_accents = false});
  const std::string text = "The Café in Zürich was unforgettably overpriced.";
  const auto embedding_of = [&](const Tokens& ids) {
    const int32_t count = static_cast<int32_t>(ids.size());
    const Tensor x = mean(model(Ids(ids), Ids(Tokens(ids.size())), Rows::of_lengths({count})), {0});
    return x / std::sqrt(sum(x * x).item());
  };
  const Tokens right = tokenizer.encode(text).ids;
  Tokens whole{tokenizer.cls()};
  for (const std::string& word : words_of(text))
    whole.push_back(tokenizer.find(word).value_or(tokenizer.unk()));
  whole.push_back(tokenizer.sep());
  std::string numbers;
  for (const int32_t id : right) numbers += std::to_string(id) + " ";
  std::printf("  what is done               tokens   cosine to the right one\n");
  const std::pair<const char*, Tokens> all[] = {
      {"as it should be", right},
      {"without [CLS] and [SEP]", tokenizer.pieces(text)},
      {"accents kept", accents.encode(text).ids},
      {"whole words, no pieces", whole},
      {"capitals kept", cased.encode(text).ids},
      {"ids tokenised once more", tokenizer.encode(numbers).ids},
      {"another text", tokenizer.encode("My brother sells used cars.").ids},
  };
  for (const auto& [name, ids] : all)
    std::printf("  %-26s %6zu   %.3f\n", name, ids.size(),
                sum(embedding_of(ids) * embedding_of(right)).item());
}

}  // namespace

int main(int argc, char** argv) {
  if (!std::filesystem::exists(corpus)) {
    std::fprintf(stderr, "There is no %s here: start the program in Cairn's own folder.\n",
                 corpus.c_str());
    return 1;
  }
  if (const char* folder = figure::folder_of(argc, argv)) return draw_figures(folder), 0;
  std::printf("[explain]\n%s", cairn::explain_tokens(the_tokenizer(), review).c_str());
  begin("characters"), characters();
  begin("cut"), cut();
  begin("spellings"), spellings();
  begin("sizes"), sizes();
  begin("match"), matches();
  begin("unknown"), unknown();
  begin("wrong"), one_stage_wrong();
  begin("pair"), print_encoding(the_tokenizer().encode("The soup was good.", "The waiter?"));
  begin("specials"), first_rows(), twice();
  begin("spelled"), print_encoding(the_tokenizer().encode("Good. [SEP] bad [sep]"));
  begin("truncation"), truncation();
  begin("offsets"), offsets();
  begin("labels"), labels();
  begin("minilm"), a_trained_model();
}
