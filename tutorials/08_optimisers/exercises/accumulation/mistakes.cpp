// What people write instead.
#include "core/autograd/autograd.h"
#include "core/ops.h"
#include "tutorials/08_optimisers/exercises/accumulation/accumulation.h"

namespace mistakes {
namespace {

enum {
  nothing_computed = 1,
  not_divided,
  by_the_number_of_pieces,
  by_all_rows,
  mean_over_rows,
  zero_counts_not,
  old_gradients_stay,
  dropped_in_the_loop,
  sum_kept,
  all_at_once,
  share_upside_down,
  times_its_count,
  first_piece_alone,
  plain_number,
  zeroed_at_the_end,
  pieces_that_count,
  stops_at_an_empty_piece,
  parameters_moved,
  whole_number_share,
};

bool is(int mistake) { return check::mistake == mistake; }

real count_of(const Piece& piece) {
  real count = 0;
  for (const int32_t label : piece.labels.values())
    count += is(by_all_rows) || (is(zero_counts_not) ? label > 0 : label != -100);
  return count;
}

Piece joined(const std::vector<Piece>& pieces) {
  std::vector<Tensor> x;
  std::vector<int32_t> labels;
  for (const Piece& piece : pieces) {
    x.push_back(piece.x);
    for (const int32_t label : piece.labels.values()) labels.push_back(label);
  }
  return {cairn::cat(x, 0), Ids(labels)};
}

}  // namespace

void accumulation(const NamedTensors& parameters, const std::vector<Piece>& pieces,
                  const MeanLoss& mean_loss) {
  if (is(nothing_computed)) return;
  const auto drop = [&] {
    for (NamedTensor p : parameters) p.tensor.zero_grad();
  };
  if (!is(old_gradients_stay)) drop();
  if (is(all_at_once)) return backward(mean_loss(joined(pieces)));
  real all = 0, that_count = 0, rows = 0;
  for (const Piece& piece : pieces) {
    all += count_of(piece), that_count += count_of(piece) > 0;
    rows += static_cast<real>(piece.labels.numel());
  }
  Tensor sum = Tensor::scalar(0);
  real number = 0;
  for (const Piece& piece : pieces) {
    const real n = count_of(piece);
    if (is(stops_at_an_empty_piece) && n == 0) break;
    real share = all == 0 ? 0 : n / all;
    if (is(not_divided)) share = 1;
    if (is(by_the_number_of_pieces)) share = 1 / static_cast<real>(pieces.size());
    if (is(mean_over_rows)) share = n / rows;
    if (is(share_upside_down)) share = n == 0 ? 0 : all / n;
    if (is(times_its_count)) share = n;
    if (is(pieces_that_count)) share = 1 / that_count;
    if (is(whole_number_share)) share = n == all ? 1 : 0;
    if (is(dropped_in_the_loop)) drop();
    const Tensor loss = mean_loss(piece) * share;
    if (is(sum_kept)) sum = sum + loss;
    else if (is(plain_number)) number += loss.item();
    else backward(loss);
    if (is(first_piece_alone)) break;
  }
  if (is(sum_kept)) backward(sum);
  if (is(plain_number)) backward(Tensor::scalar(number));
  if (is(zeroed_at_the_end)) drop();
  if (is(parameters_moved)) {
    const cairn::NoGrad no_grad;
    for (NamedTensor p : parameters)
      if (p.tensor.grad().defined()) p.tensor.add_(p.tensor.grad(), real{-0.1});
  }
}

const std::vector<check::Mistake> list = {
    {nothing_computed, "nothing is computed",
     "no parameter has a gradient: backward was not called."},
    {not_divided, "not divided",
     "your gradient is the sum of the pieces' means. Each piece has to be multiplied by its share "
     "of "
     "the batch."},
    {by_the_number_of_pieces, "divided by the number of pieces",
     "right as long as all pieces are alike. A piece with fewer rows that count must count less: "
     "its share is their number over that of the whole batch."},
    {by_all_rows, "shares of all rows",
     "you count all rows. Those with the label -100 are not in the mean: leave them out, in the "
     "piece and in the whole."},
    {mean_over_rows, "over all rows",
     "you divide by the number of all rows. The mean is over those that count."},
    {zero_counts_not, "label 0 does not count",
     "0 is a label like any other. Only -100 says that a row does not count."},
    {old_gradients_stay, "old gradients stay",
     "what was in .grad() before the call is still in your sum: drop it first."},
    {dropped_in_the_loop, "dropped in the loop",
     "you drop the gradients before each piece, so that only the last one is left. Once, before "
     "the "
     "first."},
    {sum_kept, "one backward at the end",
     "you add up the losses and call backward once. The gradient is right, but the history of all "
     "pieces is kept until then: as much memory as the whole batch needs."},
    {all_at_once, "all at once",
     "you put the pieces together. The batch does not fit into the memory; that is why it comes in "
     "pieces."},
    {share_upside_down, "upside down",
     "your share is upside down: the piece's count over that of all."},
    {times_its_count, "times its count",
     "each piece is multiplied by its count, which is right, but the sum is never divided by the "
     "count of all."},
    {first_piece_alone, "the first piece alone", "only the first piece is in your gradient."},
    {plain_number, "the losses as numbers",
     "item() is a number, and has no history: backward needs the tensor that mean_loss returns."},
    {zeroed_at_the_end, "dropped at the end",
     "you drop the gradients at the end. The caller's step is to read them."},
    {pieces_that_count, "divided by the pieces that count",
     "you leave out pieces without a row that counts, but the others have different numbers of "
     "rows "
     "that count, too: each has its own share."},
    {stops_at_an_empty_piece, "ends at a piece in which no row counts",
     "you end at a piece in which no row counts. Leave it out, and go on."},
    {parameters_moved, "a step is taken",
     "you move the parameters. Only their gradients are asked for."},
    {whole_number_share, "a share in whole numbers",
     "your gradients are 0: a count divided by a count is a whole number, 0 for every piece that "
     "is "
     "not the whole batch. Make both counts real before you divide."},
};

}  // namespace mistakes
