#pragma once
// The fields of config.json that Cairn knows, and what happens to each: honoured; refused by name,
// or reported in a note, unless it has its usual value; or silently ignored. docs/model_folder.md
// has the same in a table; a test compares the two.
#include <string>
#include <vector>

#include "core/io/json.h"

namespace cairn {

struct ConfigField {
  enum class Rule { honoured, refused, reported, silent };

  const char* name;
  Rule rule;
  // JSON texts, separated by |, with which the field says nothing new. null is always one of them.
  const char* usual = "";
  const char* why = "";  // what Cairn lacks, or why the field can't matter
};

// All fields that Cairn knows.
const std::vector<ConfigField>& config_fields();

// One sentence for each field that is ignored and might matter, in the file's order. Error, naming
// file and line, for the first one that is refused.
std::vector<std::string> notes_on_fields(const Json& config);

// The names of all fields that are ignored, whatever their value.
std::vector<std::string> fields_without_effect(const Json& config);

// "config.json:7: the field NAME is not known to Cairn and was ignored", with the nearest of the
// known ones: for notes.
std::string note_unknown(const Json& field, const std::vector<std::string>& known = {});

}  // namespace cairn
