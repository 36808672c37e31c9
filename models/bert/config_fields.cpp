// The table of the fields of config.json, and the notes and errors that follow from it.
#include "models/bert/config_fields.h"

#include <algorithm>

#include "core/nearest_name.h"

namespace cairn {
namespace {

using Rule = ConfigField::Rule;

const ConfigField* find_field(const std::string& name) {
  const std::vector<ConfigField>& fields = config_fields();
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const ConfigField& field) { return name == field.name; });
  return found == fields.end() ? nullptr : &*found;
}

bool is_usual(const Json& value, const ConfigField& field) {
  if (value.is_null()) return true;
  if (!*field.usual) return false;
  const std::string usual = "|" + std::string(field.usual) + "|";
  return usual.find("|" + to_text(value) + "|") != std::string::npos;
}

std::string note_on(const Json& value, const std::string& what) {
  std::string text = to_text(value);
  if (text.size() > 60)
    text = value.is_array() ? "an array" : value.is_object() ? "an object" : "a long text";
  return value.place() + ": " + json_string(value.key()) + " is " + text + ", " + what;
}

}  // namespace

const std::vector<ConfigField>& config_fields() {
  static const char* generation = "it is for generating text";
  static const std::vector<ConfigField> fields = {
      {"model_type", Rule::honoured},
      {"vocab_size", Rule::honoured},
      {"hidden_size", Rule::honoured},
      {"num_hidden_layers", Rule::honoured},
      {"num_attention_heads", Rule::honoured},
      {"intermediate_size", Rule::honoured},
      {"max_position_embeddings", Rule::honoured},
      {"type_vocab_size", Rule::honoured},
      {"hidden_act", Rule::honoured},
      {"hidden_dropout_prob", Rule::honoured},
      {"attention_probs_dropout_prob", Rule::honoured},
      {"classifier_dropout", Rule::honoured},
      {"initializer_range", Rule::honoured},
      {"layer_norm_eps", Rule::honoured},
      {"is_decoder", Rule::honoured},
      {"tie_word_embeddings", Rule::honoured},
      {"id2label", Rule::honoured},
      {"label2id", Rule::honoured},
      {"num_labels", Rule::honoured},
      {"problem_type", Rule::honoured},
      {"cairn_task", Rule::honoured},
      {"tokenizer_class", Rule::honoured},  // by the tokenizer: text/tokenizer_folder.cpp

      {"position_embedding_type", Rule::refused, "\"absolute\"",
       "Cairn's BERT has learned absolute positions only"},
      {"add_cross_attention", Rule::refused, "false", "Cairn's BERT has no cross-attention"},
      {"is_encoder_decoder", Rule::refused, "false", "Cairn's BERT is an encoder alone"},
      {"pruned_heads", Rule::refused, "{}", "Cairn's layers have all their heads"},
      {"per_layer_config", Rule::refused, "{}", "Cairn's layers are all alike"},
      {"quantization_config", Rule::refused, "{}",
       "Cairn reads f32, f64, f16 and bf16; save the model without quantisation"},
      {"quantization", Rule::refused, "{}|false",
       "Cairn reads f32, f64, f16 and bf16; save the model without quantisation"},
      {"auto_map", Rule::refused, "{}",
       "the model brings code of its own, which Cairn does not run; if it is a plain BERT, remove "
       "the field"},

      {"pad_token_id", Rule::reported, "0", "no padding is computed"},
      {"chunk_size_feed_forward", Rule::reported, "0", "it saves memory and changes no number"},
      {"gradient_checkpointing", Rule::reported, "false", "it saves memory and changes no number"},
      {"use_cache", Rule::reported, "true", generation},
      {"output_attentions", Rule::reported, "false", "attention_maps() gives them"},
      {"output_hidden_states", Rule::reported, "false", "BertOptions::hidden_states gives them"},
      {"return_dict", Rule::reported, "true", "it is about Python objects"},
      {"torchscript", Rule::reported, "false", "it is about Python objects"},
      {"use_bfloat16", Rule::reported, "false", "Cairn computes in float"},
      {"pooler_type", Rule::reported, "\"first_token_transform\"", "BERT has one pooler"},
      {"pooler_fc_size", Rule::reported, "768", "BERT has one pooler"},
      {"pooler_num_attention_heads", Rule::reported, "12", "BERT has one pooler"},
      {"pooler_num_fc_layers", Rule::reported, "3", "BERT has one pooler"},
      {"pooler_size_per_head", Rule::reported, "128", "BERT has one pooler"},
      {"directionality", Rule::reported, "\"bidi\"", "is_decoder decides what a token sees"},
      {"finetuning_task", Rule::reported, "", "cairn_task names the task"},
      {"task_specific_params", Rule::reported, "{}", generation},
      {"sbert_ce_default_activation_function", Rule::reported, "",
       "predict gives the logits and what problem_type says"},
      {"sentence_transformers", Rule::reported, "{}",
       "predict gives the logits and what problem_type says"},
      {"custom_pipelines", Rule::reported, "{}", "Cairn runs no code of a model"},

      {"bos_token_id", Rule::reported, "", generation},
      {"eos_token_id", Rule::reported, "", generation},
      {"sep_token_id", Rule::reported, "", generation},
      {"decoder_start_token_id", Rule::reported, "", generation},
      {"forced_bos_token_id", Rule::reported, "", generation},
      {"forced_eos_token_id", Rule::reported, "", generation},
      {"prefix", Rule::reported, "", generation},
      {"max_length", Rule::reported, "20", generation},
      {"min_length", Rule::reported, "0", generation},
      {"max_new_tokens", Rule::reported, "", generation},
      {"do_sample", Rule::reported, "false", generation},
      {"early_stopping", Rule::reported, "false", generation},
      {"num_beams", Rule::reported, "1", generation},
      {"num_beam_groups", Rule::reported, "1", generation},
      {"num_return_sequences", Rule::reported, "1", generation},
      {"diversity_penalty", Rule::reported, "0|0.0", generation},
      {"temperature", Rule::reported, "1|1.0", generation},
      {"top_k", Rule::reported, "50", generation},
      {"top_p", Rule::reported, "1|1.0", generation},
      {"typical_p", Rule::reported, "1|1.0", generation},
      {"repetition_penalty", Rule::reported, "1|1.0", generation},
      {"length_penalty", Rule::reported, "1|1.0", generation},
      {"no_repeat_ngram_size", Rule::reported, "0", generation},
      {"encoder_no_repeat_ngram_size", Rule::reported, "0", generation},
      {"bad_words_ids", Rule::reported, "", generation},
      {"suppress_tokens", Rule::reported, "", generation},
      {"begin_suppress_tokens", Rule::reported, "", generation},
      {"exponential_decay_length_penalty", Rule::reported, "", generation},
      {"remove_invalid_values", Rule::reported, "false", generation},
      {"output_scores", Rule::reported, "false", generation},
      {"return_dict_in_generate", Rule::reported, "false", generation},
      {"cross_attention_hidden_size", Rule::reported, "", "Cairn's BERT has no cross-attention"},
      {"tie_encoder_decoder", Rule::reported, "false", "Cairn's BERT is an encoder alone"},

      {"architectures", Rule::silent, "", "the command or class decides; saving writes its own"},
      {"dtype", Rule::silent, "", "the file of the weights says the types; saving writes its own"},
      {"torch_dtype", Rule::silent, "", "as dtype"},
      {"transformers_version", Rule::silent, "", "where the file comes from"},
      {"_name_or_path", Rule::silent, "", "where the file comes from"},
      {"name_or_path", Rule::silent, "", "where the file comes from"},
      {"_commit_hash", Rule::silent, "", "where the file comes from"},
      {"_num_labels", Rule::silent, "", "id2label says how many"},
      {"_attn_implementation", Rule::silent, "", "how attention is computed, not what"},
      {"attn_implementation", Rule::silent, "", "how attention is computed, not what"},
      {"_attn_implementation_autoset", Rule::silent, "", "how attention is computed, not what"},
  };
  return fields;
}

std::vector<std::string> notes_on_fields(const Json& config) {
  constexpr int64_t max_unknown = 20;  // notes, lest a file of something else flood the terminal
  int64_t unknowns = 0;
  std::vector<std::string> known, notes;
  for (const ConfigField& field : config_fields()) known.push_back(field.name);
  for (const Json& value : config.items()) {
    const ConfigField* field = find_field(value.key());
    if (!field) {
      if (++unknowns <= max_unknown) notes.push_back(note_unknown(value, known));
    } else if (field->rule == Rule::refused && !is_usual(value, *field)) {
      value.fail_here("which Cairn can't do", field->why);
    } else if (field->rule == Rule::reported && !is_usual(value, *field)) {
      notes.push_back(note_on(value, "which has no effect: " + std::string(field->why)));
    }
  }
  if (unknowns > max_unknown)
    notes.push_back(config.place() + ": " + std::to_string(unknowns - max_unknown) +
                    " more unknown fields were ignored");
  return notes;
}

std::vector<std::string> fields_without_effect(const Json& config) {
  std::vector<std::string> names;
  for (const Json& value : config.items()) {
    const ConfigField* field = find_field(value.key());
    if (!field || field->rule == Rule::reported || field->rule == Rule::silent)
      names.push_back(value.key());
  }
  return names;
}

std::string note_unknown(const Json& field, const std::vector<std::string>& known) {
  const std::string key = field.key().substr(0, 100);
  return field.place() + ": the field " + json_string(key) +
         " is not known to Cairn and was ignored" + nearest_hint(key, known);
}

}  // namespace cairn
