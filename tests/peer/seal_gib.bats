# SPDX-License-Identifier: ISC
# The same with a gibibyte, which takes longer.

load ../helper
load sealers

GIB=1073741824

@test "age opens a gibibyte that sluice sealed" {
	need age
	there_and_back $GIB here age
}

@test "sluice opens a gibibyte that age sealed" {
	need age
	there_and_back $GIB age here
}

@test "typage opens a gibibyte that sluice sealed" {
	there_and_back $GIB here typage
}

@test "sluice opens a gibibyte that typage sealed" {
	there_and_back $GIB typage here
}
