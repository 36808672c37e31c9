#pragma once
// What the two gates share: numbered questions with short answers, a function that answers them, and
// wrong answers that people give, each with a hint.
#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include "tutorials/check/check.h"

using Answers = std::string(int question);

struct WrongAnswer {
  std::string answer, hint;
};

struct Question {
  std::string about, right;
  std::vector<WrongAnswer> wrong;
};

// Blanks, brackets and capitals make no difference: "(2, 4)" is "2,4". A minus sign copied from the
// task, U+2212, is a hyphen.
inline std::string plain(std::string answer) {
  const std::string minus = "\u2212";
  if (const size_t at = answer.find(minus); at != std::string::npos)
    answer.replace(at, minus.size(), "-");
  std::string kept;
  for (char c : answer)
    if (std::string("()[] \t").find(c) == std::string::npos)
      kept += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return kept;
}

inline void check_answers(const std::vector<Question>& questions, Answers* answers,
                          check::Judge& judge) {
  std::vector<std::string> given;
  size_t right = 0;
  for (const Question& question : questions) {
    given.push_back(plain(answers(static_cast<int>(given.size()) + 1)));
    right += given.back() == question.right;
  }
  const std::string score =
      std::to_string(right) + " of " + std::to_string(questions.size()) + " are right";
  for (size_t i = 0; i < questions.size(); ++i) {
    const bool none = given[i].empty() || given[i] == "todo";
    judge.that(given[i] == questions[i].right,
               "question " + std::to_string(i + 1) + ", " + questions[i].about,
               none ? "you say nothing yet" : "you say " + given[i], score);
  }
}

// The wrong answers of all questions, as mistakes from 1 on.
inline std::vector<check::Mistake> mistakes_of(const std::vector<Question>& questions) {
  std::vector<check::Mistake> all;
  for (const Question& question : questions)
    for (const WrongAnswer& wrong : question.wrong)
      all.push_back(
          {static_cast<int>(all.size()) + 1, question.about + ": " + wrong.answer, wrong.hint});
  return all;
}

// Right, but for the one wrong answer that check::mistake numbers.
inline std::string mistaken_answer(const std::vector<Question>& questions, int question) {
  int number = 0;
  for (size_t i = 0; i < questions.size(); ++i)
    for (const WrongAnswer& wrong : questions[i].wrong)
      if (++number == check::mistake && static_cast<int>(i) + 1 == question) return wrong.answer;
  return questions[static_cast<size_t>(question) - 1].right;
}
