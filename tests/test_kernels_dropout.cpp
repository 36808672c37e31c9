// Dropout's mask: which elements it keeps is pinned, as checkpoints and recomputations rely on it.
#include "core/kernels/dropout_mask.h"
#include "tests/kernel_cases.h"

namespace cairn { namespace {

// The 24 random bits of four elements in a row, computed by the formula in Python.
struct Golden {
  uint64_t seed, stream;
  int64_t first;
  int bits[4];
};

const Golden goldens[] = {
    {0, 0, 0, {0xe7689f, 0x781a6c, 0x5098b9, 0xebcf78}},
    {42, 7, 0, {0xa2f8f8, 0x9f0209, 0xf8dcbc, 0x790963}},
    {42, 7, 1000, {0x183eba, 0x58139f, 0xf34e7a, 0x5ae9e2}},
    {0x123456789abcdef0, 0xfedcba9876543210, 0, {0xaa386b, 0x3c06ae, 0x78412b, 0x871146}},
    {uint64_t(1) << 32, 0, 0, {0xec7b28, 0xb1472f, 0x19745a, 0x746523}},
    {0, uint64_t(1) << 32, 0, {0x213362, 0x215007, 0xd6420a, 0x73d6f1}},
    {42, 7, 0xfffffffe, {0xa10d88, 0x652e3f, 0xba934f, 0x5b4f03}},  // across 2^32
    {42, 7, 0x500000009, {0xc517c8, 0xca173c, 0xae723e, 0xdacd02}},
    {42, 7, 0x4000000000000001, {0x36e846, 0x37ee0b, 0x696763, 0xd26464}},
};

// p in units of 2^-24, which is exact.
DropoutMask mask_of(const Golden& g, int units) {
  return {static_cast<float>(units) * 0x1p-24f, g.seed, g.stream};
}

TEST_CASE("dropout: an element is kept iff its bits, a hash of seed, stream and number, reach p") {
  for (const Golden& g : goldens)
    for (int i = 0; i < 4; i++) {
      CAPTURE(g.first + i);
      CHECK(keeps(dropout_hash(mask_of(g, g.bits[i])), g.first + i));
      CHECK(!keeps(dropout_hash(mask_of(g, g.bits[i] + 1)), g.first + i));
      for (const Kernels* k : available_kernels()) {
        if (g.first > 2000) continue;
        INFO(std::string(k->name));
        const Values ones(static_cast<size_t>(g.first + 4), 1);
        Values y = ones;
        const auto kept = [&](int units) {
          k->dropout(y.data(), ones.data(), mask_of(g, units), g.first + 4);
          return y[static_cast<size_t>(g.first + i)] != 0;
        };
        CHECK(kept(g.bits[i]));
        CHECK(!kept(g.bits[i] + 1));
      }
    }
}

// Of the generator 42, call 3460, element 1108 has the bits 1677721.
TEST_CASE("dropout: p is rounded to the nearest multiple of 2^-24") {
  for (const float units : {1677721.0f, 1677721.375f})
    CHECK(keeps(dropout_hash({units * 0x1p-24f, 42, 3460}), 1108));
  for (const float units : {1677721.5f, 1677722.0f})
    CHECK(!keeps(dropout_hash({units * 0x1p-24f, 42, 3460}), 1108));
}

TEST_CASE("dropout: what is kept is scaled by 1 / (1 - p), what is not is 0, even if it is NaN") {
  for (const Kernels* k : available_kernels())
    for (const float p : {0.0f, 0.25f, 0.9f, 1.0f}) {
      INFO(std::string(k->name));
      CAPTURE(p);
      const Values x = random_values(100, 3), bad(100, nan), infinite(100, inf);
      const DropoutMask mask{p, 5, 6};
      const DropoutHash hash = dropout_hash(mask);
      Values y(100), of_bad(100), of_infinite(100);
      k->dropout(y.data(), x.data(), mask, 100);
      k->dropout(of_bad.data(), bad.data(), mask, 100);
      k->dropout(of_infinite.data(), infinite.data(), mask, 100);
      for (size_t i = 0; i < 100; i++) {
        const bool kept = keeps(hash, static_cast<int64_t>(i));
        CHECK(y[i] == (kept ? x[i] * (1 / (1 - p)) : 0));
        CHECK((kept ? std::isnan(of_bad[i]) : of_bad[i] == 0));
        CHECK(of_infinite[i] == (kept ? inf : 0));
      }
      if (p == 0) CHECK(same_bits(y, x));
    }
}

// One query of the second sequence looks at 65,539 keys. The first has 65,533 queries and no keys,
// so that the second one's elements begin at 65,533 * 65,539 = 2^32 - 9. With scores of 0, dv tells
// which probabilities were kept.
TEST_CASE("dropout: the mask of an attention goes on beyond element 2^32") {
  constexpr int64_t queries = 65533, keys = 65539, first = queries * keys;
  const std::vector<int32_t> q_starts = {0, queries, queries + 1}, k_starts = {0, 0, keys};
  const Values q(queries + 1, 0), k(keys, 0), v(keys, 1), dout(queries + 1, 1);
  const DropoutMask mask{0.5f, 1, 2};
  const AttentionArgs args{.q = q.data(),
                           .k = k.data(),
                           .v = v.data(),
                           .q_stride = 1,
                           .k_stride = 1,
                           .v_stride = 1,
                           .q_starts = q_starts.data(),
                           .k_starts = k_starts.data(),
                           .longest_q = queries,
                           .longest_k = keys,
                           .sequences = 2,
                           .heads = 1,
                           .head_size = 1,
                           .scale = 1,
                           .dropout = mask};
  const DropoutHash hash = dropout_hash(mask);
  int64_t expected = 0;
  for (int64_t j = 0; j < keys; j++) expected += keeps(hash, first + j);
  for (const Kernels* set : available_kernels()) {
    INFO(std::string(set->name));
    Values out(queries + 1), lse(2 * queries), dv(keys);
    set->attention(out.data(), lse.data(), args);
    CHECK(near(out[queries], 2.0f * float(expected) / float(keys), 1e-4f));
    set->attention_backward(
        {.dv = dv.data(), .dy = dout.data(), .y = out.data(), .lse = lse.data()}, args);
    int64_t wrong = 0;
    for (int64_t j = 0; j < keys; j++)
      wrong += (dv[static_cast<size_t>(j)] != 0) != keeps(hash, first + j);
    CHECK(wrong == 0);
  }
}

}}  // namespace cairn
