#pragma once
// The tasks that `cairn finetune --task` knows: which columns of a data set hold the texts and the
// labels, and what the labels mean.
#include <string>
#include <vector>

#include "text/bert_tokenizer.h"

namespace cairn {

struct Task {
  std::string name;
  std::string text_column, label_column;  // in the header line of its TSV files
  std::vector<std::string> labels;        // the meaning of 0, 1, ...; becomes id2label
};

const Task& find_task(const std::string& name);  // Error, listing all, if there is none

// A data set as the model reads it.
struct Examples {
  std::vector<Encoding> texts;
  std::vector<int32_t> labels;  // one per text
  int64_t truncated = 0;        // texts that were cut to max_length tokens

  int64_t size() const { return static_cast<int64_t>(texts.size()); }
};

// Which of a model's labels is which of the task's.
struct LabelMatch {
  std::vector<int32_t> ids;  // of the model's label, for each of the task's
  bool by_name = false;      // else the model's label names are numbers, or other names
};

// Names are matched regardless of case; LABEL_1 or 1 is the task's label 1; with other names, the
// numbers count. Error, naming `place`, if the counts differ, or if the name of a label contradicts
// its number.
LabelMatch match_labels(const Task& task, const std::vector<std::string>& model_labels,
                        const std::string& place);

// Reads and encodes a TSV file of the task. Label i becomes label_ids[i], the model's, unless that
// is empty. Error with FILE:LINE as read_tsv.
Examples read_examples(const Task& task, const std::string& path, const BertTokenizer& tokenizer,
                       int64_t max_length, const std::vector<int32_t>& label_ids = {});

// A checksum of all ids, token types and labels.
uint32_t fingerprint(const Examples& examples);

}  // namespace cairn
