# cmake -DPROGRAM=build/fixtures -DSOURCE=ROOT -DWORK=FOLDER -P check_fixture_runner.cmake
# The fixture runner's judgement, on a copy of some fixtures with one number altered.
cmake_minimum_required(VERSION 3.22)
file(REMOVE_RECURSE ${WORK})
file(COPY ${SOURCE}/tests/fixtures/programs DESTINATION ${WORK})
file(WRITE ${WORK}/tasks/qa/features.jsonl "{}\n{}\n")
file(MAKE_DIRECTORY ${WORK}/strange)
file(STRINGS ${SOURCE}/tests/fixtures/programs/programs.jsonl programs)

# Runs the programs with `from` in p033's line replaced by `to`; what is printed goes to `output`.
function(run from to)
  set(lines ${programs})
  list(TRANSFORM lines REPLACE "${from}" "${to}" REGEX "\"p033\"")
  list(JOIN lines "\n" text)
  file(WRITE ${WORK}/programs/programs.jsonl "${text}\n")
  execute_process(COMMAND ${PROGRAM} ${WORK} OUTPUT_VARIABLE text RESULT_VARIABLE code)
  set(output "${text}exit ${code}" PARENT_SCOPE)
endfunction()
function(expect text)
  if(NOT output MATCHES "${text}")
    message(FATAL_ERROR "there is no \"${text}\" in\n${output}")
  endif()
endfunction()

# The bound is max(4 x err32, 1e-6), of each tensor its own.
run("1.222" "1.22202")
expect("programs: 39 passed, 1 failed, 0 not supported\n  failed: p033: out.t8 differs by [^\n]* 1e-06\n")
expect("exit 1")
run("1.222(.*\"out.t8\"): 0.0" "1.22202\\1: 2.5e-5")
expect("failed: p033: loss differs")
if(output MATCHES "out.t8")
  message(FATAL_ERROR "err32 is not looked at\n${output}")
endif()
run("\"out.t8\": 0.0" "\"elsewhere\": 0.0")
expect("p033: [^\n]*\"out.t8\" is missing in \"err32\"")

# What is not run is counted, a line for each part.
run("1.222" "1.222")
expect("tasks: 0 passed, 0 failed, 2 not supported\n  not supported: qa: all 2 cases\n")
expect("strange: not supported")
expect("exit 0")
