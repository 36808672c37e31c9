// What people write instead. Where a mistake would read beyond the end, the index is wrapped.
#include <algorithm>
#include <cmath>
#include <limits>

#include "tutorials/01_scaled_dot_product_attention/exercises/attention_in_loops/attention_in_loops.h"

namespace mistakes {
namespace {

enum {
  no_scale = 1,
  scale_by_d,
  scale_by_keys,
  scale_by_values,
  multiplied_by_root,
  no_maximum,
  maximum_not_divided,
  maximum_starts_at_zero,
  sum_goes_on,
  not_divided,
  out_not_zeroed,
  last_value_alone,
  own_fit,
  roles_exchanged,
  over_queries,
  keys_for_values,
  last_key_left_out,
  keys_counted_as_queries,
  value_rows_of_d,
  no_keys_is_nan,
};

bool makes(int number) { return check::mistake == number; }

real scale_of(int64_t Tk, int64_t d, int64_t dv) {
  const real size = static_cast<real>(makes(scale_by_keys) ? Tk : makes(scale_by_values) ? dv : d);
  if (makes(no_scale)) return 1;
  if (makes(scale_by_d)) return 1 / size;
  return makes(multiplied_by_root) ? std::sqrt(size) : 1 / std::sqrt(size);
}

}  // namespace

void attention_in_loops(real* out, const real* q, const real* k, const real* v, int64_t Tq,
                        int64_t Tk, int64_t d, int64_t dv) {
  const real scale = scale_of(Tk, d, dv);
  int64_t keys = Tk;
  if (makes(last_key_left_out)) keys = std::max<int64_t>(Tk - 1, 0);
  if (makes(keys_counted_as_queries)) keys = std::min(Tq, Tk);
  const auto score = [&](int64_t i, int64_t j) {
    real sum = 0;
    if (makes(own_fit)) i = j % Tq;
    if (makes(roles_exchanged)) {
      const int64_t query = i;
      i = j % Tq, j = query % Tk;
    }
    for (int64_t c = 0; c < d; ++c) sum += q[i * d + c] * k[j * d + c];
    return sum * scale;
  };
  const auto value = [&](int64_t j, int64_t c) {
    if (makes(keys_for_values)) return k[j * d + c % d];
    return v[makes(value_rows_of_d) ? (j * d + c) % (Tk * dv) : j * dv + c];
  };
  real sum = 0;
  for (int64_t i = 0; i < Tq; ++i) {
    real largest = makes(maximum_starts_at_zero) ? 0 : -std::numeric_limits<real>::infinity();
    for (int64_t j = 0; j < keys; ++j) largest = std::fmax(largest, score(i, j));
    if (makes(no_maximum)) largest = 0;
    if (makes(maximum_not_divided)) largest /= scale;
    if (!makes(sum_goes_on)) sum = 0;
    for (int64_t j = 0; j < keys; ++j) sum += std::exp(score(i, j) - largest);
    const auto weight = [&](int64_t j) {
      real all = makes(not_divided) ? 1 : sum;
      if (makes(over_queries)) {
        all = 0;
        for (int64_t other = 0; other < Tq; ++other) all += std::exp(score(other, j) - largest);
      }
      return std::exp(score(i, j) - largest) / all;
    };
    for (int64_t c = 0; c < dv; ++c) {
      real answer = makes(out_not_zeroed) ? out[i * dv + c] : 0;
      for (int64_t j = 0; j < keys; ++j)
        answer = (makes(last_value_alone) ? 0 : answer) + weight(j) * value(j, c);
      out[i * dv + c] = makes(no_keys_is_nan) ? answer * (sum / sum) : answer;
    }
  }
}

const std::vector<check::Mistake> list = {
    {no_scale, "not divided by the root of d",
     "your weights are too sharp: the dot products are not divided by sqrt(d)."},
    {scale_by_d, "divided by d",
     "your weights are too even: the dot products are divided by d, not by sqrt(d)."},
    {scale_by_keys, "divided by the root of the number of keys",
     "the root is of d, the length of a key, not of how many keys there are."},
    {scale_by_values, "divided by the root of dv",
     "the root is of d, the length of a query and a key, not of dv, the length of a value."},
    {multiplied_by_root, "multiplied by the root of d",
     "your weights are much too sharp: you multiply by sqrt(d) where you should divide."},
    {no_maximum, "no maximum is subtracted",
     "small scores are right, large ones are not a number: subtract the largest score of the query "
     "before taking e to the power."},
    {maximum_not_divided, "the maximum of the undivided scores",
     "what you subtract is not the largest of what goes into exp: you look for the maximum before "
     "the scores are divided by sqrt(d). Divide first, then look."},
    {maximum_starts_at_zero, "the maximum starts at 0",
     "your largest score starts at 0, so where all are far below zero every e^(score - 0) is 0, "
     "and "
     "so is their sum. Start at -infinity or at the first score."},
    {sum_goes_on, "the sum is not reset",
     "the first query is answered rightly, the following too small: set the sum to 0 for each "
     "query."},
    {not_divided, "not divided by the sum",
     "your answers are too large by one factor in each row: divide the weights by their sum."},
    {out_not_zeroed, "out is not set to zero",
     "what out held before the call is still in it. It may hold anything: write each of its "
     "numbers, "
     "and set it to 0 before you add to it."},
    {last_value_alone,
     "= for +=", "your answers hold the last key's share alone: each key has to be added with +=."},
    {own_fit, "q_j for q_i",
     "all your answers are the same: the score has to compare q's row i, which asks, with k's row "
     "j."},
    {roles_exchanged, "queries and keys exchanged",
     "you have q_j . k_i: row i of q asks, row j of k is asked."},
    {over_queries, "the sum runs over the queries",
     "the weights of one query sum to one. Your sum runs over the queries of one key."},
    {keys_for_values, "the mean of the keys",
     "the weights are right, but your mean is of the keys. It is the values that are handed out."},
    {last_key_left_out, "the last key is left out",
     "the last key is never asked. Does a loop over j end at Tk - 1?"},
    {keys_counted_as_queries, "as many keys as queries",
     "with as many keys as queries it is right: a loop over the keys ends at Tq, not at Tk."},
    {value_rows_of_d, "rows of v of length d",
     "with d = dv it is right: a row of v has dv numbers, so value j begins at j * dv."},
    {no_keys_is_nan, "no keys give NaN",
     "if there are no keys, the sum is 0, and 0 / 0 is not a number. The contract asks for zeros."},
};

}  // namespace mistakes
