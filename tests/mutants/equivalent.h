#pragma once
// Mutants that compute the same as the original, each with the reason; one that matches none is an
// error. Keep this short: a mutant that survives mostly shows that a check is missing.
#include <string>
#include <vector>

struct Equivalent {
  std::string file, line, before, by, reason;
  int matched = 0;
};
inline const std::string pow_none =
    "const Tensor none = equal(base, zero) * greater_equal(exponent, zero);";
inline const std::string rounded =
    "in double the mean's rounding is nothing; tests in float see it";
inline const std::string norm_rest = "const double mean_i = double(mean[i]) + rest / double(cols);";
inline std::vector<Equivalent> equivalents_of_ops = {
    {"core/kernels/reference_norm.cpp",
     "for (int64_t j = 0; j < cols; j++) rest += double(x[j]) - double(mean[i]);",
     "double(x[j]) - double(mean[i])", "-(double(x[j]) - double(mean[i]))", rounded},
    {"core/kernels/reference_norm.cpp", norm_rest, "+", "-", rounded},
    {"core/kernels/reference_norm.cpp", norm_rest, " / double(cols)", "", rounded},
    {"core/ops/layer_norm.cpp", ".mean = g.value(mean).data(),", "g.value(mean)",
     "Tensor::ones(mean.tensor.shape())", rounded},
    {"core/ops/clamp.cpp",
     "for (int64_t i = 0; i < inside.numel(); ++i) to[i] = low <= numbers[i] && numbers[i] <= "
     "high;",
     "low <= numbers[i] && numbers[i] <= high", "-(low <= numbers[i] && numbers[i] <= high)",
     "a mask: only whether it is 0 is read"},
    {"core/ops/more/pow.cpp", "const Tensor constant = equal(exponent, zero);  // whatever x is",
     "equal(exponent, zero)", "-(equal(exponent, zero))", "a mask: only whether it is 0 is read"},
    {"core/ops/more/pow.cpp", pow_none, "equal(base, zero) * greater_equal(exponent, zero)",
     "-(equal(base, zero) * greater_equal(exponent, zero))",
     "a mask: only whether it is 0 is read"},
    {"core/ops/more/pow.cpp", pow_none, " * greater_equal(exponent, zero)", "",
     "0 to a negative power is infinite: there is no difference quotient to compare with"},
};
inline std::vector<Equivalent> equivalents_of_all = {
    {"core/kernels/lanes.h", "return n >= width ? v : select(first(n), v, rest);", ">=", ">",
     "first(width) has all lanes"},
    {"core/autograd/node.cpp", "if (node) release(std::move(node));", "node", "!(node)",
     "else the node goes with its tensor, and its destructor lists what is below"},
    {"core/kernels/simd_math.h",
     "x = max(splat(-105), min(splat(90), x));  // beyond: 0 and inf all the same; NaN stays",
     "105", "(105 + 1)", "0 either way"},
    {"core/kernels/simd_tile.h",
     "for (int64_t i = 0; i < tile.ahead_step; i += 16) __builtin_prefetch(ahead + i, 0, 2);",
     "0, 2", "2, 0", "a hint to the cache"},
    {"models/bert/config.cpp", "std::snprintf(text, sizeof text, \"%.3g GB\", bytes / 1e9);", "1e9",
     "(1e9 - 1)", "three digits are printed"},
    {"optim/clip.cpp",
     "if (size > largest || std::isnan(size)) largest = size;  // once NaN, nothing is greater",
     ">", ">=", "the same number; NaN is not equal either"},
    {"train/more/pretrain.cpp", "for (int64_t i = 0; i < masked.labels.numel(); ++i) {", "0",
     "(0 + 1)", "the first token is [CLS], which is never hidden"},
    {"train/progress.cpp",
     "if (!std::isfinite(seconds) || seconds < 0 || seconds > 1e9) return \"--:--\";", ">",
     ">=", "31 years, to the second"},
    {"train/more/report.cpp",
     "for (double v = std::ceil(y.min / mark_step(y)) * mark_step(y); v <= y.max + 1e-9;",
     "<=", "<", "1e-9 is no distance between marks"},
};
inline const std::string header_solution =
    "tutorials/04_real_checkpoint/exercises/safetensors_header/solution.cpp";
inline const std::string header_room =
    "if (bytes.size() < 8) throw std::runtime_error(\"the file has no room for the header's "
    "length\");";
inline const std::string header_length =
    "for (size_t i = 8; i-- > 0;) n = n * 256 + static_cast<unsigned char>(bytes[i]);";
inline const std::string header_entry =
    "Entry entry{std::string(tensor.key()), tensor.at(\"dtype\").as_string(), {}, 0, 0};";
inline const std::string feed_forward_solution =
    "tutorials/03_encoder_block/exercises/feed_forward/solution.cpp";
inline const std::string block_solution =
    "tutorials/03_encoder_block/exercises/post_norm_block/solution.cpp";
inline const std::string accumulate_solution =
    "tutorials/06_autograd/exercises/accumulate/solution.cpp";
inline const std::string gradcheck_solution =
    "tutorials/06_autograd/exercises/gradcheck/solution.cpp";
inline const std::string gradcheck_close =
    "const bool close = std::fabs(dx[i] - slope) <= 1e-4 * std::fmax(1, std::fabs(slope));";
inline const std::string same_axes = "transposing two axes is the same in either order";
inline const std::string mask_solution =
    "tutorials/10_pretraining/exercises/mask_tokens/solution.cpp";
inline const std::string pairs_solution =
    "tutorials/10_pretraining/exercises/sentence_pairs/solution.cpp";
inline const std::string never_hit = "a random number is this one once in 2^53";
inline std::vector<Equivalent> equivalents_of_exercises = {
    {mask_solution, "if (random.uniform() >= options.chosen) continue;", ">=", ">", never_hit},
    {mask_solution, "if (v < options.masked) {", "<", "<=", never_hit},
    {mask_solution, "} else if (v < options.masked + options.random) {", "<", "<=", never_hit},
    {pairs_solution, "if (random.uniform() < 0.5) {", "<", "<=", never_hit},
    {pairs_solution, "if (random.uniform() < 0.5) {", "random.uniform() < 0.5",
     "!(random.uniform() < 0.5)", "the other side of the coin"},
    {header_solution, header_room, "<", "<=", "8 bytes are no file: what is read next throws"},
    {header_solution, header_room, "8", "(8 + 1)", "8 bytes are no file: what is read next throws"},
    {header_solution, header_room, "8", "(8 - 1)", "substr throws for a file of 7 bytes"},
    {header_solution, "uint64_t n = 0;", "0", "(0 + 1)", "256^8 is 0 in 64 bits"},
    {header_solution, header_length, "8", "(8 + 1)", "times 256^8, which is 0 in 64 bits"},
    {header_solution, header_entry, "0", "(0 + 1)", "written again below"},
    {header_solution, "[](const Entry& a, const Entry& b) { return a.begin < b.begin; });", "<",
     "<=", "any order of those that begin at the same byte"},
    {feed_forward_solution, "const Tensor y = matmul(x, transpose(weight, 0, 1));", "0, 1", "1, 0",
     same_axes},
    {block_solution, "return transpose(reshape(x, {x.size(0), heads, x.size(1) / heads}), 0, 1);",
     "0, 1", "1, 0", same_axes},
    {block_solution,
     "const Tensor answers = matmul(softmax(matmul(q, transpose(k, 1, 2)) / root), v);", "1, 2",
     "2, 1", same_axes},
    {block_solution, "return reshape(transpose(answers, 0, 1), x.shape());", "0, 1", "1, 0",
     same_axes},
    {block_solution, "const Tensor k = split_heads(linear(x, w.key_weight, w.key_bias), w.heads);",
     "w.key_bias", "{}",
     "it adds the same to all scores of a query, and softmax takes it away again"},
    {"tutorials/01_scaled_dot_product_attention/exercises/attention_in_loops/solution.cpp",
     "score = 0;", "0", "(0 + 1)", "all scores of a row grow alike, which cancels in a softmax"},
    {"tutorials/01_scaled_dot_product_attention/exercises/attention_with_tensors/solution.cpp",
     "const Tensor scores = matmul(q, transpose(k, 0, 1)) / root;  // [Tq, Tk]", "0, 1", "1, 0",
     same_axes},
    {"tutorials/02_heads_and_masks/exercises/merge_heads/solution.cpp",
     "const Tensor tokens_first = transpose(x, 1, 2);  // (B, T, heads, d), a view", "1, 2", "2, 1",
     same_axes},
    {"tutorials/07_backward_by_hand/exercises/attention_backward/solution.cpp",
     "dp[at] = static_cast<real>(z * dot(head.dy[i], head.v[j], head.size));",
     "head.dy[i], head.v[j]", "head.v[j], head.dy[i]", "the same product"},
    {"tutorials/02_heads_and_masks/exercises/causal_mask/solution.cpp",
     "for (int64_t i = 0; i < T; ++i)", "<", "<=", "no column is to the right of the last row's"},
    {"tutorials/07_backward_by_hand/exercises/matmul_backward/solution.cpp",
     "const Tensor da = matmul(dy, transpose(b, -2, -1)), db = matmul(transpose(a, -2, -1), dy);",
     "-2, -1", "-1, -2", same_axes},
    {"tutorials/08_optimisers/exercises/clip_gradients/solution.cpp",
     "if (size > largest || std::isnan(size)) largest = size;", ">",
     ">=", "the same size once more"},
    {"tutorials/09_tokens/exercises/truncate_pair/solution.cpp",
     "if (first + second <= max_ids) return {first, second};", "<=", "<",
     "two texts that fit exactly keep all that they have either way"},
    {accumulate_solution, "for (size_t v = 0; v < tape.size(); ++v)", "0", "(0 + 1)",
     "value 0 has nothing older to be made of: it is a leaf"},
    {accumulate_solution, "for (size_t v = last + 1; v-- > 0;) {", "0", "(0 + 1)",
     "value 0 is a leaf, which hands on nothing"},
    {gradcheck_solution, gradcheck_close, "1", "(1 + 1)", "a tolerance as good"},
    {gradcheck_solution, gradcheck_close, "<=", "<", "a tolerance as good"},
    {gradcheck_solution, "const double before = x[i], h = 1e-5 * std::fmax(1, std::fabs(before));",
     "1", "(1 + 1)", "a step as good"},
};
