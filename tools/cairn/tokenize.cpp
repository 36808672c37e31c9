// cairn tokenize: what the model sees of each line of stdin.
#include "core/error.h"
#include "core/io/json.h"
#include "text/more/explain_tokens.h"
#include "tools/cairn/commands.h"
#include "tools/cairn/model_folder.h"
#include "tools/cairn/standard_streams.h"

namespace cairn {
namespace {

Encoding encode_json(const BertTokenizer& tokenizer, const InputLines& lines,
                     const std::string& line, int64_t max_length) {
  const Json json = parse_json(line, "standard input", {.first_line = lines.number()});
  if (json.is_string()) return tokenizer.encode(json.as_string(), max_length);
  if (!json.is_object())
    json.fail_here("neither a text nor an object",
                   "write \"text\" or {\"text\": ..., \"pair\": ...}");
  const std::string text = json.at("text").as_string();
  const Json* pair = json.find("pair");
  if (!pair || pair->is_null()) return tokenizer.encode(text, max_length);
  return tokenizer.encode(text, pair->as_string(), max_length);
}

std::string json_of(const Encoding& encoding, const BertTokenizer& tokenizer) {
  Json ids = Json::array(), tokens = Json::array();
  for (const int32_t id : encoding.ids) {
    ids.push(id);
    tokens.push(tokenizer.token(id));
  }
  Json json = Json::object();
  json.set("ids", std::move(ids));
  json.set("tokens", std::move(tokens));
  return to_text(json) + "\n";
}

}  // namespace

int run_tokenize(const Arguments& arguments) {
  std::string model;
  int64_t max_length = 0;
  bool json = false, jsonl = false, explain = false;
  Options options("cairn tokenize", "Shows the tokens of each line of stdin.");
  options.required("model", model, "DIR", "a folder with vocab.txt or tokenizer.json");
  options.flag("json", json,
               "print {\"ids\": [...], \"tokens\": [...]} per line, else just the tokens");
  options.flag("jsonl", jsonl,
               "the input lines are JSON, a string or {\"text\": ..., \"pair\": ...}, "
               "which can hold any text. Implies --json");
  options.flag("explain", explain, "print how each text becomes tokens, stage by stage");
  options.integer("max-length", max_length, 0, max_tokens, "cut texts to N tokens; 0: no limit");
  options.threads();
  if (!options.parse(arguments)) return 0;
  if (explain && (json || jsonl))
    throw UsageError("--explain goes with neither --json nor --jsonl");

  const BertTokenizer tokenizer = BertTokenizer::from_pretrained(model);
  for (const std::string& text : tokenizer.notes()) note(text);
  const int64_t limit = max_length > 0 ? max_length : BertTokenizer::no_limit;
  InputLines lines;
  for (std::string line, before; lines.next(line); before = "\n") {
    if (explain) {
      write_output(before + explain_tokens(tokenizer, line, limit));
      continue;
    }
    const Encoding encoding =
        jsonl ? encode_json(tokenizer, lines, line, limit) : tokenizer.encode(line, limit);
    if (json || jsonl) {
      write_output(json_of(encoding, tokenizer));
      continue;
    }
    std::string text;
    for (const int32_t id : encoding.ids) text += (text.empty() ? "" : " ") + tokenizer.token(id);
    write_output(text + "\n");
  }
  return 0;
}

}  // namespace cairn
