// What people write instead.
#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "tutorials/04_real_checkpoint/exercises/key_map/key_map.h"

namespace mistakes {
namespace {

enum {
  prefix_kept = 1,
  prefix_anywhere,
  prefix_repeatedly,
  prefix_after_the_layer,
  prefix_without_its_dot,
  old_names_kept,
  old_names_exchanged,
  old_names_everywhere,
  old_names_within_words,
  old_names_for_longer_ones,
  old_names_alone,
  any_part_that_ends_so,
  whole_part,
  dot_before_the_norm,
  one_digit,
  too_many_digits,
  counted_from_one,
  layer_0_for_none,
  layer_anywhere,
  layer_kept_in_part,
  layer_lost,
  last_component_alone,
  first_dot,
  no_dot_is_a_part,
  dot_kept,
  dot_after_the_layer_kept,
  number_not_looked_at,
  word_for_a_number,
  first_character_alone,
  sign,
  missing_dot_found,
  missing_dot_is_the_end,
};

bool now(int mistake) { return check::mistake == mistake; }

std::string without_prefix(std::string key) {
  if (now(prefix_kept)) return key;
  if (now(prefix_anywhere)) {
    const size_t at = key.find("bert.");
    return at == std::string::npos ? key : key.erase(at, 5);
  }
  if (now(prefix_without_its_dot)) return key.starts_with("bert") ? key.substr(5) : key;
  while (key.starts_with("bert.")) {
    key = key.substr(5);
    if (!now(prefix_repeatedly)) break;
  }
  return key;
}

bool is_number(const std::string& text) {
  const auto digit = [](unsigned char c) { return std::isdigit(c) != 0; };
  if (now(number_not_looked_at)) return !text.empty();
  if (now(first_character_alone)) return !text.empty() && digit(text[0]);
  if (now(word_for_a_number)) return std::stoll(text), true;
  const bool signed_ = now(sign) && (text.starts_with('-') || text.starts_with('+'));
  return text.size() > (signed_ ? 1 : 0) && (now(too_many_digits) || text.size() <= 9) &&
         std::all_of(text.begin() + (signed_ ? 1 : 0), text.end(), digit);
}

// The layer, which is removed from `key`.
int64_t take_layer(std::string& key) {
  const std::string layers = "encoder.layer.";
  const int64_t none = now(layer_0_for_none) ? 0 : -1;
  const size_t at = now(layer_anywhere)       ? key.find(layers)
                    : key.starts_with(layers) ? 0
                                              : std::string::npos;
  if (at == std::string::npos) return none;
  const size_t from = at + layers.size(), dot = key.find('.', from);
  if (dot == std::string::npos && !now(missing_dot_found) && !now(missing_dot_is_the_end))
    return none;
  std::string number = key.substr(from, dot - from);
  if (!is_number(number)) return none;
  if (now(one_digit)) number = number.substr(0, 1);
  if (now(dot_after_the_layer_kept)) key = key.substr(dot);
  else if (now(missing_dot_is_the_end) && dot == std::string::npos) key = "";
  else if (!now(layer_kept_in_part)) key = key.substr(dot + 1);
  return std::atoll(number.c_str()) + (now(counted_from_one) ? 1 : 0);
}

bool is_norm(const std::string& part) {
  if (now(any_part_that_ends_so)) return part.ends_with("LayerNorm");
  return (part == "LayerNorm" && !now(dot_before_the_norm)) ||
         (part.ends_with(".LayerNorm") && !now(whole_part));
}

std::string renamed(const std::string& part, const std::string& parameter) {
  if (now(old_names_kept)) return parameter;
  if (now(old_names_within_words) && parameter.starts_with("gamma"))
    return "weight" + parameter.substr(5);
  if (!is_norm(part) && !now(old_names_everywhere)) return parameter;
  if (now(old_names_for_longer_ones) && parameter.starts_with("gamma")) return "weight";
  const bool exchanged = now(old_names_exchanged);
  if (parameter == "gamma") return exchanged ? "bias" : "weight";
  if (parameter == "beta") return exchanged ? "weight" : "bias";
  return parameter;
}

}  // namespace

Place key_map(const std::string& key) {
  std::string rest = without_prefix(key);
  const int64_t layer = take_layer(rest);
  if (now(prefix_after_the_layer) && rest.starts_with("bert.") && layer >= 0) rest.erase(0, 5);
  const size_t dot = now(first_dot) ? rest.find('.') : rest.rfind('.');
  if (dot == std::string::npos) {
    if (now(no_dot_is_a_part)) return {layer, rest, ""};
    if (now(old_names_alone) && rest == "gamma") return {layer, "", "weight"};
    return now(layer_lost) ? Place{-1, "", key} : Place{layer, "", rest};
  }
  const std::string parameter = rest.substr(dot + 1);
  std::string part = rest.substr(0, now(dot_kept) ? dot + 1 : dot);
  const std::string name = renamed(rest.substr(0, dot), parameter);
  if (now(last_component_alone)) part = part.substr(part.rfind('.') + 1);
  return {layer, part, name};
}

const std::vector<check::Mistake> list = {
    {prefix_kept, "the prefix is kept",
     "keys without the prefix are right. bert. at the beginning is to be removed before you look "
     "for a layer."},
    {prefix_anywhere, "the prefix is removed anywhere",
     "bert. is a prefix only at the beginning of the key. In teacher.bert.pooler it is a part of "
     "the path."},
    {prefix_repeatedly, "the prefix is removed more than once",
     "bert. is removed once. What comes after it may be called bert, too."},
    {prefix_after_the_layer, "the prefix is removed again after the layer",
     "bert. is removed at the beginning of the key. What comes after the layer's number may be "
     "called bert, too."},
    {prefix_without_its_dot, "the prefix without its dot",
     "bertha begins with bert, but not with bert and a dot."},
    {old_names_kept, "gamma and beta are kept",
     "a layer norm's gamma is its weight today, and its beta its bias."},
    {old_names_exchanged, "gamma and beta are exchanged",
     "gamma is the factor, today's weight; beta is what is added, today's bias."},
    {old_names_everywhere, "gamma and beta are renamed everywhere",
     "only a LayerNorm had these names. Another layer may have a gamma that is really called so."},
    {old_names_within_words, "gamma is renamed within a word",
     "gamma_gate is not gamma. Compare the whole parameter."},
    {old_names_for_longer_ones, "gamma_gate is taken for gamma",
     "gamma_gate only begins as gamma does. Compare the whole parameter with ==."},
    {old_names_alone, "a lone gamma is renamed",
     "a key that is gamma alone has no part, so it is not of a LayerNorm."},
    {any_part_that_ends_so, "the end of a word for LayerNorm",
     "PreLayerNorm ends in LayerNorm, and is another component. Before it there has to be a dot, "
     "or nothing."},
    {whole_part, "the whole part is compared with LayerNorm",
     "it is the last component of the part that has to be LayerNorm, not the whole part: "
     "embeddings.LayerNorm and output.LayerNorm are two of them."},
    {dot_before_the_norm, "LayerNorm needs a dot before it",
     "the part may be LayerNorm alone, without a dot before it."},
    {one_digit, "one digit of the layer",
     "layers 0 to 9 are right. The number may have more than one digit: it ends at the next dot."},
    {too_many_digits, "ten digits",
     "a layer's number has nine digits at most; with more it is a part of the path."},
    {counted_from_one, "layers are counted from 1",
     "the layers are counted from 0, as in the file."},
    {layer_0_for_none, "layer 0 for none",
     "what belongs to no layer of the encoder has the layer -1. 0 is the first of them."},
    {layer_anywhere, "a layer anywhere in the key",
     "encoder.layer. counts at the beginning only (after bert.). In decoder.encoder.layer it is a "
     "part of the path."},
    {layer_kept_in_part, "the layer is kept in the part",
     "the part is what follows the layer's number: attention.self.query, without encoder.layer.0."},
    {layer_lost, "the layer is lost where no dot follows",
     "foo is a parameter of layer 5 itself. Where there is no further dot, keep the layer that you "
     "have found, and take what is left of the key, not the key."},
    {last_component_alone, "the last component alone",
     "dense alone does not say which: attention.output.dense and output.dense are two layers. The "
     "part is all that stands before the last dot."},
    {first_dot, "cut at the first dot",
     "the parameter is what stands after the last dot, not after the first. rfind() finds the "
     "last."},
    {no_dot_is_a_part, "a key without a dot is a part",
     "where there is no dot, all is the parameter, and the part is empty."},
    {dot_kept, "the dot is kept", "your parts end in a dot. substr(0, dot) leaves it out."},
    {dot_after_the_layer_kept, "the dot after the layer is kept",
     "your parts begin with the dot that ends the layer's number. Remove that dot, too."},
    {number_not_looked_at, "any word for a number",
     "what follows encoder.layer. need not be a number: norm is none, and 4x is none. Look at each "
     "character."},
    {word_for_a_number, "std::stoll of a word",
     "what follows encoder.layer. need not be a number, and std::stoi or std::stoll throws if it "
     "is "
     "none. Look at each character first."},
    {first_character_alone, "the first character alone",
     "4x begins with a digit, and std::stoi or std::stoll stops at the x without a complaint. Look "
     "at each character up to the dot."},
    {sign, "a number with a sign",
     "std::stoi and std::stoll take a sign or a space before the number, too. Only digits make a "
     "layer."},
    {missing_dot_found, "the missing dot is found",
     "a layer's number ends at a dot, and encoder.layer.5 has none there. find() says so with "
     "npos, and npos + 1 is 0."},
    {missing_dot_is_the_end, "the end taken for a dot",
     "a layer's number ends at a dot, and encoder.layer.5 has none there: it is no layer."},
};

}  // namespace mistakes
