// What people write instead.
#include <algorithm>
#include <cmath>
#include <vector>

#include "tutorials/07_backward_by_hand/exercises/attention_backward/attention_backward.h"

namespace mistakes {
namespace {

using heads::Head;

enum {
  nothing_written = 1,
  dv_without_dropout,
  dp_without_dropout,
  no_dropout,
  dropout_after_the_softmax,
  dropped_in_the_softmax,
  dropped_in_the_sum,
  without_the_sum,
  without_p,
  sum_of_dp,
  sum_is_added,
  sum_goes_on,
  over_queries,
  log_softmax,
  no_scale,
  no_scale_in_dq,
  no_scale_in_dk,
  scale_in_dbias,
  scale_twice,
  divided_by_scale,
  dv_with_ds,
  dv_with_dp,
  dv_without_p,
  dp_with_k,
  dq_with_v,
  dq_with_q,
  dk_with_k,
  dk_with_dy,
  dbias_with_p,
  keys_written,
  queries_written,
  values_written,
  all_written,
  dbias_transposed,
  dbias_rows_of_keys,
  stride_of_k_for_v,
  any_undefined_ends_it,
  undefined_dbias_ends_it,
  dk_needs_dq,
  last_key_left_out,
  last_query_left_out,
  last_column_left_out,
  later_keys_left_out,
  divided_by_queries,
  sign,
  float_sums,
};

bool is(int mistake) { return check::mistake == mistake; }

void add(real& to, double number, bool written) {
  to = written || is(all_written) ? number : to + number;
  if (is(float_sums)) to = static_cast<float>(to);
}

void head_backward(const Head& head) {
  if (is(nothing_written)) return;
  const bool three = head.dq.defined() && head.dk.defined() && head.dv.defined();
  if (is(any_undefined_ends_it) && !three) return;
  if (is(undefined_dbias_ends_it) && !head.dbias.defined()) return;
  const int64_t queries = std::max<int64_t>(head.queries - is(last_query_left_out), 0);
  const int64_t keys = std::max<int64_t>(head.keys - is(last_key_left_out), 0);
  const int64_t size = head.size - is(last_column_left_out);
  std::vector<double> p, z, dp, sums(static_cast<size_t>(head.keys));
  for (int64_t i = 0; i < queries; ++i)
    for (int64_t j = 0; j < keys; ++j) {
      p.push_back(heads::weight(head, i, j));
      z.push_back(heads::kept(head, i, j));
      double product = 0;
      for (int64_t c = 0; c < size; ++c)
        product += head.dy[i][c] * (is(dp_with_k) ? head.k : head.v)[j][c];
      const bool plain = is(dp_without_dropout) || is(no_dropout) || is(dropout_after_the_softmax);
      dp.push_back(plain ? product : product * z.back());
      sums[static_cast<size_t>(j)] += p.back() * dp.back();
    }
  double sum = 0;
  for (int64_t i = 0; i < queries; ++i) {
    const auto row = static_cast<size_t>(i * keys);
    if (!is(sum_goes_on)) sum = 0;
    for (size_t j = 0; j < static_cast<size_t>(keys); ++j) {
      double factor = p[row + j];
      if (is(sum_of_dp)) factor = 1;
      if (is(dropped_in_the_softmax) || is(dropped_in_the_sum)) factor *= z[row + j];
      sum += factor * dp[row + j];
    }
    for (int64_t j = 0; j < keys; ++j) {
      if (is(later_keys_left_out) && j > i) continue;
      const size_t at = row + static_cast<size_t>(j);
      const double taken_off = is(over_queries) ? sums[static_cast<size_t>(j)] : sum;
      const double outer = is(dropped_in_the_softmax) ? p[at] * z[at] : p[at];
      double ds = outer * (dp[at] - (is(sum_is_added) ? -taken_off : taken_off));
      if (is(without_the_sum)) ds = p[at] * dp[at];
      if (is(without_p)) ds = dp[at] - sum;
      if (is(log_softmax)) ds = dp[at] - p[at] * sum;
      if (is(dropout_after_the_softmax)) ds *= z[at];
      if (is(divided_by_queries)) ds /= static_cast<double>(queries);
      if (is(sign)) ds = -ds;
      double scale = head.scale;
      if (is(no_scale)) scale = 1;
      if (is(scale_twice)) scale *= scale;
      if (is(divided_by_scale)) scale = 1 / scale;
      const real* dy = head.dy[i];
      for (int64_t c = 0; c < size; ++c) {
        real k = head.k[j][c], q = head.q[i][c];
        if (is(dq_with_v)) k = head.v[j][c];
        if (is(dq_with_q)) k = head.q[i][c];
        if (is(dk_with_k)) q = head.k[j][c];
        if (is(dk_with_dy)) q = dy[c];
        double to_dv = p[at] * (is(dv_without_dropout) || is(no_dropout) ? 1 : z[at]);
        if (is(dv_with_ds)) to_dv = ds;
        if (is(dv_with_dp)) to_dv = dp[at];
        if (is(dv_without_p)) to_dv = z[at];
        if (is(divided_by_queries)) to_dv /= static_cast<double>(queries);
        if (head.dq.defined())
          add(head.dq[i][c], ds * k * (is(no_scale_in_dq) ? 1 : scale), is(queries_written));
        if (head.dk.defined() && !(is(dk_needs_dq) && !head.dq.defined()))
          add(head.dk[j][c], ds * q * (is(no_scale_in_dk) ? 1 : scale), is(keys_written));
        real* dv = head.dv.defined() ? head.dv[j] : nullptr;
        if (dv && is(stride_of_k_for_v)) dv = head.dv.data + j * head.dk.stride;
        if (dv) add(dv[c], to_dv * dy[c], is(values_written));
      }
      if (!head.dbias.defined()) continue;
      real* dbias = head.dbias[i] + j;
      if (is(dbias_rows_of_keys)) dbias = head.dbias.data + i * keys + j;
      if (is(dbias_transposed)) {
        if (j >= head.queries || i >= head.keys) continue;  // not in it
        dbias = head.dbias[j] + i;
      }
      *dbias = is(dbias_with_p) ? p[at] : is(scale_in_dbias) ? ds * scale : ds;
    }
  }
}

}  // namespace

void attention_backward(const AttentionGrads& grads, const AttentionArgs& args) {
  heads::for_each_head(grads, args, head_backward);
}

const std::vector<check::Mistake> list = {
    {nothing_written, "nothing is written", "all your gradients are 0."},
    {dv_without_dropout, "no dropout in dv",
     "dv has the weights before dropout. What v_j was multiplied by is p z."},
    {dp_without_dropout, "no dropout in dp",
     "on its way from y to p the gradient passes dropout: dp has the factor z, as dv has."},
    {no_dropout, "no dropout",
     "right without dropout, and wrong with it: z is missing, in dv and in dp."},
    {dropout_after_the_softmax, "z behind the softmax",
     "z multiplies dp, before the way through the softmax. You multiply ds by it, afterwards."},
    {dropped_in_the_softmax, "p z in the softmax",
     "the way back through the softmax needs p as the softmax wrote it, not p z."},
    {dropped_in_the_sum, "p z in the sum",
     "the sum of p dp has p as the softmax wrote it: dp has its z already."},
    {without_the_sum, "p dp alone",
     "ds = p dp is not the way back through a softmax: a larger score takes from all other "
     "weights. Something of the whole row is taken off."},
    {without_p, "the factor p is missing",
     "your bracket dp - sum is right, but a key of weight 0 cannot matter: p stands in front."},
    {sum_of_dp, "the sum of dp",
     "you take off the plain sum of dp. Each dp counts as much as its weight p."},
    {sum_is_added, "the sum is added",
     "the rows of your ds do not sum to 0. The sum is taken off, not added."},
    {sum_goes_on, "the sum is not reset",
     "the first query is right and the following are not: the sum of p dp still holds the queries "
     "before."},
    {over_queries, "the sum over the queries",
     "your sum of p dp goes over the queries. The softmax was over the keys of one query."},
    {log_softmax, "that of log_softmax",
     "dp - p sum is the way back through the logarithm of a softmax. Here p has no logarithm."},
    {no_scale, "the scale is missing",
     "the product of q and k was multiplied by the scale: dq and dk have that factor."},
    {no_scale_in_dq, "no scale in dq", "dq lacks the scale, which dk has."},
    {no_scale_in_dk, "no scale in dk", "dk lacks the scale, which dq has."},
    {scale_in_dbias, "the scale in dbias",
     "the bias is added after the scale: dbias is ds as it is."},
    {scale_twice, "the scale twice", "dq and dk have the scale once; yours have it twice."},
    {divided_by_scale, "divided by the scale",
     "you divide by the scale. The forward pass multiplied, so the way back does, too."},
    {dv_with_ds, "dv with ds",
     "dv takes the weights that multiplied v, which are p z; you have ds there."},
    {dv_with_dp, "dv with dp",
     "dv takes the weights that multiplied v, which are p z; you have dp there."},
    {dv_without_p, "dv without p",
     "dv lacks the factor p: what multiplied v in the forward pass, p z, multiplies dy on the way "
     "back."},
    {dp_with_k, "dp with k", "dp is dy times what p multiplied, and that is v, not k."},
    {dq_with_v, "dq with v", "the gradient of a product has the other factor: dq has k, not v."},
    {dq_with_q, "dq with q", "the gradient of a product has the other factor: dq has k, not q."},
    {dk_with_k, "dk with k", "the gradient of a product has the other factor: dk has q, not k."},
    {dk_with_dy, "dk with dy", "the gradient of a product has the other factor: dk has q, not dy."},
    {dbias_with_p, "p in dbias", "dbias has the weights themselves. It is ds."},
    {keys_written, "dk is written",
     "each query overwrites dk: every query that looked at a key adds to its gradient."},
    {queries_written, "dq is written",
     "each key overwrites dq: every key that a query looked at adds to its gradient."},
    {values_written, "dv is written",
     "each query overwrites dv: every query that looked at a value adds to its gradient."},
    {all_written, "written in place of added",
     "dq, dk and dv are sums, over the keys or over the queries: add, do not overwrite."},
    {dbias_transposed, "dbias is transposed",
     "dbias[i][j] belongs to query i and key j; you have them the other way round."},
    {dbias_rows_of_keys, "rows of dbias too short",
     "right for sequences of the greatest length. The rows of dbias are as long as the longest "
     "sequence: head.dbias[i] is where row i begins."},
    {stride_of_k_for_v, "the stride of k for v",
     "k and v may lie apart differently: v has a stride of its own. head.dv[j] is row j."},
    {any_undefined_ends_it, "nothing without dq, dk and dv",
     "if one of dq, dk and dv is not asked for, you write nothing. The others are asked for all "
     "the "
     "same."},
    {undefined_dbias_ends_it, "nothing without dbias",
     "if dbias is not asked for, you write nothing. The others are asked for all the same."},
    {dk_needs_dq, "dk only together with dq",
     "dk is left out where dq is not asked for. Each may be asked for alone."},
    {last_key_left_out, "the last key is left out",
     "the last key is missing. Does your loop end at head.keys - 1?"},
    {last_query_left_out, "the last query is left out",
     "the last query is missing. Does your loop end at head.queries - 1?"},
    {last_column_left_out, "the last column is left out",
     "the last number of each row is missing. Does your loop end at head.size - 1?"},
    {later_keys_left_out, "causal always",
     "you leave out keys that come after the query. They are hidden only in a causal attention, "
     "and "
     "heads::weight is 0 there."},
    {divided_by_queries, "divided by the queries",
     "you divide by the number of queries. If the loss is a mean, dy has that factor already."},
    {sign, "the sign of ds is turned", "dv is right; dq, dk and dbias have the opposite sign."},
    {float_sums, "a float on the way",
     "right to seven digits: is a sum a float? The check computes in double; write real or "
     "double."},
};

}  // namespace mistakes
