// Chapter 3: the encoder block. What is added to attention to make a layer of BERT: embeddings with
// positions, the feed-forward part, the residual, layer norm; each as it should be, and as people
// get it wrong. README.md beside this file tells the story and shows the parts between the markers.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <initializer_list>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tutorials/03_encoder_block/block.h"
#include "tutorials/03_encoder_block/figures.h"
#include "tutorials/03_encoder_block/parts.h"
#include "tutorials/figure.h"

using cairn::Ids;
using cairn::Rows;

namespace {

// NaN if one of the differences is NaN.
double largest_difference(const Tensor& a, const Tensor& b) {
  const std::vector<real> x = a.to_vector(), y = b.to_vector();
  double largest = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    const double difference = std::fabs(x[i] - y[i]);
    if (std::isnan(difference)) return difference;
    largest = std::fmax(largest, difference);
  }
  return largest;
}

// How much of x differs from token to token: 0 if all rows are equal, 1 if they have nothing in
// common.
double spread_of(const Tensor& x) { return size_of(x - mean(x, {0}, true)) / size_of(x); }

void print_row(const char* name, const Tensor& row) {
  std::printf("  %-28s", name);
  for (real number : row.to_vector()) std::printf(" %7.3f", number);
  std::printf("\n");
}

// [order]
// Two sentences of the same words: dog bites man, man bites dog. Attention, without positions.
void order() {
  Random random(1);
  const EncoderBlock block = random_blocks(1, random)[0];
  const Tensor words = Tensor::randn({3, 64}, random);  // dog, bites, man
  const Tensor one = block.attend(embedding(words, Ids{0, 1, 2}));
  const Tensor other = block.attend(embedding(words, Ids{2, 1, 0}));
  std::printf("\"dog\" in the two sentences differs by  %.3f\n",
              largest_difference(one[0], other[2]));
  const Tensor places = sinusoidal_positions(3, 64);
  const Tensor placed = block.attend(embedding(words, Ids{0, 1, 2}) + places);
  const Tensor swapped = block.attend(embedding(words, Ids{2, 1, 0}) + places);
  std::printf("with positions added                   %.3f\n",
              largest_difference(placed[0], swapped[2]));
}
// [/order]

// [embeddings]
// Row t of the result is the word's row + the position's + the type's: [T, C].
Tensor embeddings(const Ids& ids, const Ids& types, const Tensor& word_table,
                  const Tensor& position_table, const Tensor& type_table) {
  const Tensor places = slice(position_table, 0, 0, ids.numel());  // rows 0 to T - 1
  return embedding(word_table, ids) + places + embedding(type_table, types);
}
// [/embeddings]

void embed() {
  const Tensor words = Tensor::of({{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}});
  const Tensor places =
      Tensor::of({{.1f, .1f, 0, 0}, {.2f, .2f, 0, 0}, {.3f, .3f, 0, 0}, {.4f, .4f, 0, 0}});
  const Tensor kinds = Tensor::of({{0, 0, 0, 0}, {0, 0, 0, 5}});
  const Tensor x = embeddings({2, 0, 2, 1}, {0, 0, 1, 1}, words, places, kinds);
  const char* names[] = {"word 2, place 0, type 0", "word 0, place 1, type 0",
                         "word 2, place 2, type 1", "word 1, place 3, type 1"};
  for (int64_t t = 0; t < 4; ++t) print_row(names[t], x[t]);
}

// [one_number]
// As an article has it: one number for each position, the same in every column.
Tensor without_a_dimension(int64_t T, int64_t C) {
  Tensor table = Tensor::empty({T, C});
  for (int64_t t = 0; t < T; ++t) {
    const double angle = static_cast<double>(t) / (10000.0 * 10000.0);
    table[t].fill_(static_cast<real>(std::sin(angle) + std::cos(angle)));
  }
  return table;
}
// [/one_number]

// How many different rows has the table, and how far apart are the two closest?
void positions_row(const char* name, const Tensor& table) {
  std::set<std::vector<real>> rows;
  double closest = 1e30;
  for (int64_t t = 0; t < table.size(0); ++t) {
    rows.insert(table[t].to_vector());
    const Tensor apart = slice(table, 0, t + 1, table.size(0)) - table[t];
    for (real square : sum(apart * apart, {1}).to_vector())
      closest = std::fmin(closest, std::sqrt(square));
  }
  std::printf("  %-24s %14zu %24.3f\n", name, rows.size(), closest);
}

void positions(Random& random) {
  std::printf("  512 positions, C = 64    different rows    closest two rows apart\n");
  positions_row("sinusoidal", sinusoidal_positions(512, 64));
  positions_row("learned, when new", Tensor::randn({512, 64}, random));
  positions_row("sin(t/10000^2) + cos(..)", without_a_dimension(512, 64));
  const Tensor p = sinusoidal_positions(512, 64);
  const auto dot = [&](int64_t s, int64_t t) { return sum(p[s] * p[t]).item(); };
  std::printf("  p_3 . p_8 is %.3f, p_403 . p_408 is %.3f, p_3 . p_408 is %.3f\n", dot(3, 8),
              dot(403, 408), dot(3, 408));
}

// [convolution]
// As an article has it: a convolution along the sentence, here a mean of a token and its neighbours.
Tensor convolved(const Tensor& x) {
  const Tensor edge = Tensor::zeros({1, x.size(1)});
  const Tensor padded = cairn::cat({edge, x, edge});
  return (slice(padded, 0, 0, -2) + x + slice(padded, 0, 2, x.size(0) + 2)) / 3;
}

// Two questions to both: how many rows change with the word at place 4, and do the rows of one word
// differ, "b" at the places 1 and 4 of a b c a b c?
template <class F>
void two_questions(const char* name, const Tensor& words, const F& with_positions) {
  const Tensor x = with_positions(embedding(words, Ids{0, 1, 2, 0, 1, 2}));
  const Tensor changed = with_positions(embedding(words, Ids{0, 1, 2, 0, 3, 2}));
  int rows = 0;
  for (int64_t t = 0; t < 6; ++t) rows += largest_difference(x[t], changed[t]) > 0;
  std::printf("  %-16s %12d %18.3f\n", name, rows, largest_difference(x[1], x[4]));
}
// [/convolution]

void convolution(Random& random) {
  const Tensor words = Tensor::randn({4, 64}, random), places = sinusoidal_positions(6, 64);
  std::printf("                   rows changed   \"b\" and \"b\" differ\n");
  two_questions("added", words, [&](const Tensor& x) { return x + places; });
  two_questions("convolution", words, convolved);
}

// [sum]
// x = word + position. Can both still be told from the sum? The share of 512 for which the nearest
// of all rows of the table is the one that was added.
double found_again(const Tensor& x, const Tensor& table) {
  // |x - row|^2 is |x|^2 - 2 x.row + |row|^2, of which the first part is the same for all rows.
  const Tensor closeness = matmul(x, transpose(table, 0, 1)) * 2 - sum(table * table, {1});
  double found = 0;
  for (int64_t t = 0; t < x.size(0); ++t) {
    const std::vector<real> row = closeness[t].to_vector();
    found += std::max_element(row.begin(), row.end()) - row.begin() == t;
  }
  return found / static_cast<double>(x.size(0));
}
// [/sum]

void sums(Random& random) {
  std::printf("     C   positions found   words found\n");
  for (int64_t C : {4, 16, 64, 256}) {
    const Tensor words = Tensor::randn({512, C}, random), places = Tensor::randn({512, C}, random);
    std::printf("  %4d   %15.3f   %11.3f\n", static_cast<int>(C),
                found_again(words + places, places), found_again(words + places, words));
  }
}

// [alone]
// Is f a straight line? For any linear map plus a shift, f(a) + f(b) = f(a + b) + f(0).
template <class F>
double bend(const F& f, const Tensor& a, const Tensor& b) {
  return largest_difference(f(a) + f(b), f(a + b) + f(a * 0));
}

// A sentence of one token, which has nobody to listen to but itself.
void alone(Random& random) {
  const EncoderBlock block = random_blocks(1, random)[0];
  const Tensor a = Tensor::randn({1, 64}, random), b = Tensor::randn({1, 64}, random);
  const Tensor place = sinusoidal_positions(1, 64);
  const auto attention = [&](const Tensor& x) { return block.attend(x); };
  const auto positions = [&](const Tensor& x) { return block.attend(x) + place; };
  const auto feed_forward = [&](const Tensor& x) { return block.feed_forward(block.attend(x)); };
  std::printf("  attention alone                       %.3f\n", bend(attention, a, b));
  std::printf("  attention, then a position layer      %.3f\n", bend(positions, a, b));
  std::printf("  attention, then feed-forward          %.3f\n", bend(feed_forward, a, b));
}
// [/alone]

void gelus() {
  std::printf("        x    with erf   with tanh\n");
  for (double x : {-3., -1., 0., 1., 3.})
    std::printf("  %7.1f   %9.5f   %9.5f\n", x, gelu_erf(x), gelu_tanh_of(x));
  double gap = 0, at = 0;
  for (double x = -6; x < 0; x += 0.001)
    if (const double now = std::fabs(gelu_erf(x) - gelu_tanh_of(x)); now > gap) gap = now, at = x;
  std::printf("  largest gap %.5f at x = %.1f\n", gap, at);
}

// [through]
// Sends a sentence through the blocks, one after the other, where `step` says what a block does, and
// tells what is left of it after the first and after the last.
template <class Step>
Tensor through(const char* name, const std::vector<EncoderBlock>& blocks, Tensor x, Step step) {
  std::printf("  %-28s", name);
  for (size_t i = 0; i < blocks.size(); ++i) {
    x = step(blocks[i], x);
    if (i == 0 || i + 1 == blocks.size()) std::printf(" %#9.3g %8.3f", size_of(x), spread_of(x));
  }
  std::printf("\n");
  return x;
}
// [/through]

void print_head() {
  std::printf("                                 after 1 block        after 12\n");
  std::printf("                                   size   spread      size   spread\n");
}

void residuals(const std::vector<EncoderBlock>& blocks) {
  print_head();
  through("as BERT has it", blocks, sentence(), post_norm);
  through("without the residual", blocks, sentence(), no_residual);
}

// [norms]
// Four ways to normalise the row (1, 0, 0, 0).
void norms() {
  const Tensor x = Tensor::of({1, 0, 0, 0}), centred = x - mean(x);
  const real squares = sum(centred * centred).item(), eps = real{1e-6};
  print_row("sum / C: the layer norm", centred / std::sqrt(squares / 4 + eps));
  print_row("sum / (C - 1), eps outside", centred / (std::sqrt(squares / 3) + eps));
  print_row("the mean not taken off", x / std::sqrt(squares / 4 + eps));
  print_row("X'/(sqrt(d_k) + eps)", x / (std::sqrt(real{4}) + eps));
}
// [/norms]

// [eps]
// How large does a row of small numbers become, with eps inside the root and outside?
void eps_counts() {
  const Tensor signs = Tensor::of({1, -1, 1, -1});  // of mean 0 and deviation 1
  for (const real deviation : {0.02f, 0.002f})
    for (const real eps : {1e-12f, 1e-5f}) {
      const Tensor x = signs * deviation;
      std::printf("  deviation %.3f   eps %g   inside %.3f   outside %.3f\n",
                  static_cast<double>(deviation), static_cast<double>(eps),
                  size_of(x / std::sqrt(deviation * deviation + eps)),
                  size_of(x / (deviation + eps)));
    }
}
// [/eps]

void placed_norms(const std::vector<EncoderBlock>& blocks) {
  print_head();
  through("post-norm: norm(x + f(x))", blocks, sentence(), post_norm);
  const Tensor end = through("pre-norm: x + f(norm(x))", blocks, sentence(), pre_norm);
  through("no norm: x + f(x)", blocks, sentence(), no_norm);
  through("(x + f(x))/(sqrt(d_k) + eps)", blocks, sentence(), divided);
  std::printf("  pre-norm, and one more norm at the end: size %.3f\n",
              size_of(blocks[0].norm1(end)));
}

// [shapes]
// What a token is at each step of the block, and how many numbers are learned there.
void shapes(const EncoderBlock& block, const Tensor& x) {
  const Tensor mixed = block.norm1(x + block.attend(x)), wide = block.widen(mixed);
  int64_t all = 0;
  const auto row = [&](const char* part, int64_t width, std::initializer_list<Tensor> learned) {
    int64_t count = 0;
    for (const Tensor& parameter : learned) count += parameter.numel();
    all += count;
    std::printf("  %-20s %16d %12d\n", part, static_cast<int>(width), static_cast<int>(count));
  };
  const auto& [query, key, value, output, norm1, widen, narrow, norm2, heads] = block;
  std::printf("  part                 numbers a token   parameters\n");
  row("query, key, value", 3 * query(x).size(1),
      {query.weight, query.bias, key.weight, key.bias, value.weight, value.bias});
  row("output", block.attend(x).size(1), {output.weight, output.bias});
  row("norm1", mixed.size(1), {norm1.gamma, norm1.beta});
  row("widen", wide.size(1), {widen.weight, widen.bias});
  row("narrow", narrow(wide).size(1), {narrow.weight, narrow.bias});
  row("norm2", block(x).size(1), {norm2.gamma, norm2.beta});
  std::printf("  %-20s %16s %12d\n", "all", "", static_cast<int>(all));
}
// [/shapes]

// [library]
// The block of this chapter and the library's layer, with the same weights.
void the_library_s_own(Random& random) {
  BertLayer layer = std::move(bert_layers(1, random)[0]);
  const EncoderBlock block = block_of(layer, small_bert());
  const Tensor& x = sentence();
  const Tensor ours = block(x), theirs = layer(x, Rows::of_lengths({8}));
  std::printf("Largest difference to the library's BertLayer: %s\n",
              largest_difference(ours, theirs) < 1e-6 ? "below 1e-6" : "TOO LARGE");
  std::printf("The size of its rows is %.3f, their mean %.3f\n", size_of(theirs),
              std::fabs(mean(theirs).item()));
}
// [/library]

// [mistakes]
// The block with one part wrong at a time: how far its output is from the right one.
void mistakes(const EncoderBlock& b, const Tensor& x) {
  const Tensor right = b(x);
  const auto row = [&](const char* name, const Tensor& out) {
    std::printf("  %-36s %.4f\n", name, largest_difference(out, right));
  };
  // The second half, where the tokens are `mixed`, and a norm or a GELU may be another.
  const auto second_half = [&](const Tensor& mixed) {
    return b.norm2(mixed + b.feed_forward(mixed));
  };
  const Tensor mixed = b.norm1(x + b.attend(x)), hidden = b.widen(mixed);
  const auto unbiased = [](const Tensor& sum) {
    const Tensor centred = sum - mean(sum, {-1}, true);
    const real n = static_cast<real>(sum.size(1));
    return centred / (sqrt(cairn::sum(centred * centred, {-1}, true) / (n - 1)) + real{1e-6});
  };
  std::printf("  what is computed                     largest difference\n");
  row("as it should be", second_half(mixed));
  row("tanh for erf", b.norm2(mixed + b.narrow(gelu_tanh(hidden))));
  row("unbiased deviation + eps, both norms",
      unbiased(unbiased(x + b.attend(x)) + b.feed_forward(unbiased(x + b.attend(x)))));
  row("relu for GELU", b.norm2(mixed + b.narrow(relu(hidden))));
  row("second residual from x", b.norm2(x + b.feed_forward(mixed)));
  row("norm before f: pre-norm", pre_norm(b, x));
  row("p x: no value, no output projection",
      second_half(b.norm1(x + b.merge_heads(matmul(b.weights(x), b.split_heads(x))))));
  row("norm, then the residual", mixed + b.norm2(b.feed_forward(mixed)));
  row("(x + f(x))/(sqrt(d_k) + eps)", divided(b, x));
  row("without the residual", no_residual(b, x));
}
// [/mistakes]

}  // namespace

int main(int argc, char** argv) {
  if (const char* folder = figure::folder_of(argc, argv)) return draw_figures(folder), 0;
  Random random(1);
  std::printf("[order]\n"), order();
  std::printf("\n[embeddings]\n"), embed();
  std::printf("\n[positions]\n"), positions(random);
  std::printf("\n[convolution]\n"), convolution(random);
  std::printf("\n[sum]\n"), sums(random);
  std::printf("\n[alone]\n"), alone(random);
  std::printf("\n[gelu]\n"), gelus();
  const std::vector<EncoderBlock> blocks = random_blocks(12, random);
  std::printf("\n[residual]\n"), residuals(blocks);
  std::printf("\n[norms]\n"), norms();
  std::printf("\n[eps]\n"), eps_counts();
  std::printf("\n[placed]\n"), placed_norms(blocks);
  std::printf("\n[shapes]\n"), shapes(blocks[0], sentence());
  std::printf("\n[library]\n"), the_library_s_own(random);
  std::printf("\n[mistakes]\n"), mistakes(blocks[0], sentence());
}
